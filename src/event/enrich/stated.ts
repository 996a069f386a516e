import type { EventCampaign } from './campaign.ts';
import type { EventClient } from './client.ts';
import type { ClientHints } from './client-hints.ts';
import { namedDevice, type DeviceType } from './device.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What an event says of its campaign and its device beside its page's address and the user agent. */
export interface Stated {
  readonly campaign?: EventCampaign;
  readonly client?: Partial<Pick<EventClient, 'device' | 'os' | 'os_version'>>;
  /** What the browser told a script of Segment's in place of headers. */
  readonly hints?: ClientHints;
}

const lettersMax = 500;
const mobileContext = 'com.snowplowanalytics.snowplow/mobile_context';

/**
 * Reads `properties.context` as Segment's libraries fill it (`campaign`, `device`, `os`: https://segment.com/docs/connections/spec/common)
 * and the mobile context among `properties.contexts` of Snowplow's. `userAgentData` counts where it says what headers don't
 * without being asked. Undefined for what says nothing; most events have neither.
 */
export function statedOf(properties: Fields | undefined): Stated | undefined {
  const context = fields(properties?.['context']);
  const contexts = properties?.['contexts'];
  if (context === undefined && !Array.isArray(contexts)) return undefined;
  const mobile = Array.isArray(contexts)
    ? fields(
        contexts.slice(0, 50).find((one: unknown) => fields(one)?.['schema'] === mobileContext) as unknown,
      )
    : undefined;
  const about = fields(mobile?.['data']);
  const device = fields(context?.['device']);
  const os = fields(context?.['os']);
  const campaign = campaignIn(fields(context?.['campaign']));
  const client = clientIn(
    text(os?.['name']) ?? text(about?.['osType']) ?? text(device?.['type']),
    text(os?.['version']) ?? text(about?.['osVersion']),
    text(device?.['model']) ?? text(about?.['deviceModel']) ?? '',
  );
  const hints = hintsIn(fields(context?.['userAgentData']));
  if (campaign === undefined && client === undefined && hints === undefined) return undefined;
  return { ...(campaign && { campaign }), ...(client && { client }), ...(hints && { hints }) };
}

/** A client with what is stated where the user agent doesn't say it; a version only of the same system. */
export function withStated(read: EventClient | undefined, stated: Stated['client']): EventClient | undefined {
  if (stated === undefined) return read;
  if (read === undefined) return { ...stated, bot: false };
  // A robot is what its user agent says.
  if (read.bot) return read;
  const same = read.os === undefined || stated.os === undefined || read.os === stated.os;
  // A model says more than an app's library or a frozen user agent, a system's usual device does not.
  const finer = stated.device !== undefined && stated.device !== 'mobile' && stated.device !== 'desktop';
  return same ? { ...stated, ...read, ...(finer && { device: stated.device }) } : read;
}

function hintsIn(from: Fields | undefined): ClientHints | undefined {
  if (from === undefined) return undefined;
  const [model, platformVersion] = [text(from['model']), text(from['platformVersion'])];
  const list = from['fullVersionList'];
  if (model === undefined && platformVersion === undefined && !Array.isArray(list)) return undefined;
  const [brands, platform] = [brandsIn(list) ?? brandsIn(from['brands']), text(from['platform'])];
  return {
    ...(brands !== undefined && { brands }),
    ...(typeof from['mobile'] === 'boolean' && { mobile: from['mobile'] ? '?1' : '?0' }),
    ...(platform !== undefined && { platform }),
    ...(platformVersion !== undefined && { platformVersion }),
    ...(model !== undefined && { model }),
  };
}

/** `[{brand, version}]` as the header writes it. */
function brandsIn(list: unknown): string | undefined {
  if (!Array.isArray(list)) return undefined;
  const written = list.slice(0, 10).flatMap((one: unknown) => {
    const [brand, version] = [text(fields(one)?.['brand']), text(fields(one)?.['version'])];
    return brand === undefined ? [] : [`"${brand}";v="${version ?? ''}"`];
  });
  return written.join(', ').slice(0, lettersMax);
}

function campaignIn(from: Fields | undefined): EventCampaign | undefined {
  if (from === undefined) return undefined;
  const said: Record<string, string> = {};
  for (const name of ['source', 'medium', 'name', 'term', 'content', 'id'] as const) {
    const value = text(from[name]);
    if (value !== undefined) said[name] = value;
  }
  return Object.keys(said).length === 0 ? undefined : said;
}

const systems: readonly (readonly [RegExp, string, DeviceType])[] = [
  [/^(?:ios|iphone os)$/i, 'iOS', 'mobile'],
  [/^ipad ?os$/i, 'iOS', 'tablet'],
  [/^android$/i, 'Android', 'mobile'],
  [/^tvos$/i, 'tvOS', 'tv'],
  [/^watchos$/i, 'watchOS', 'wearable'],
  [/^(?:macos|mac os x|darwin)$/i, 'macOS', 'desktop'],
  [/^windows/i, 'Windows', 'desktop'],
  [/^(?:chrome ?os|chromium os)$/i, 'Chrome OS', 'desktop'],
  // A server's own system is none of a reader's.
];

function clientIn(name = '', version: string | undefined, model: string): Stated['client'] | undefined {
  const found = systems.find(([pattern]) => pattern.test(name)) ?? systemOfModel(model);
  const named = model === '' ? undefined : namedDevice(model);
  if (found === undefined) return named === undefined ? undefined : { device: named };
  const [, os, usual] = found;
  const told = version === undefined ? undefined : /\d[\d.]*/.exec(version)?.[0].replace(/\.$/, '');
  return { device: named ?? usual, os, ...(told !== undefined && { os_version: told }) };
}

/** Apple's models tell their system. */
function systemOfModel(model: string): (typeof systems)[number] | undefined {
  const line = /^(?:iphone|ipod|ipad|apple ?tv|watch)(?=[\d ,]|$)/i.exec(model)?.[0].toLowerCase();
  const system = line === undefined ? undefined : (ofLine.get(line.replace(' ', '')) ?? 'iOS');
  return systems.find(([, name]) => name === system);
}

const ofLine: ReadonlyMap<string, string> = new Map([
  ['appletv', 'tvOS'],
  ['watch', 'watchOS'],
]);

function fields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  const said = typeof value === 'string' ? value.trim().slice(0, lettersMax).toWellFormed() : '';
  return said === '' ? undefined : said;
}
