import type { EventCampaign } from './campaign.ts';
import type { EventClient } from './client.ts';
import type { DeviceType } from './device.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What an event says of its campaign and its device beside its page's address and the user agent. */
export interface Stated {
  readonly campaign?: EventCampaign;
  readonly client?: Partial<Pick<EventClient, 'device' | 'os' | 'os_version'>>;
}

const lettersMax = 500;
const mobileContext = 'com.snowplowanalytics.snowplow/mobile_context';

/**
 * Reads `properties.context` as Segment's libraries fill it (`campaign`, `device`, `os`: https://segment.com/docs/connections/spec/common)
 * and the mobile context among `properties.contexts` of Snowplow's. Undefined for what says nothing; most events have neither.
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
    text(os?.['name']) ?? text(about?.['osType']),
    text(os?.['version']) ?? text(about?.['osVersion']),
    text(device?.['model']) ?? text(about?.['deviceModel']) ?? '',
  );
  if (campaign === undefined && client === undefined) return undefined;
  return { ...(campaign && { campaign }), ...(client && { client }) };
}

/** A client with what is stated where the user agent doesn't say it; a version only of the same system. */
export function withStated(read: EventClient | undefined, stated: Stated['client']): EventClient | undefined {
  if (stated === undefined) return read;
  if (read === undefined) return { ...stated, bot: false };
  // A robot is what its user agent says.
  if (read.bot) return read;
  const same = read.os === undefined || read.os === stated.os;
  return same ? { ...stated, ...read, ...(stated.device === 'tablet' && { device: stated.device }) } : read;
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
  [/^ipad ?os$/i, 'iOS', 'tablet'],
  [/^(?:ios|iphone os)$/i, 'iOS', 'mobile'],
  [/^android$/i, 'Android', 'mobile'],
  [/^tvos$/i, 'tvOS', 'tv'],
  [/^watchos$/i, 'watchOS', 'wearable'],
  [/^(?:macos|mac os x|darwin)$/i, 'macOS', 'desktop'],
  [/^windows/i, 'Windows', 'desktop'],
  [/^(?:chrome ?os|chromium os)$/i, 'Chrome OS', 'desktop'],
  // A server's own system is none of a reader's.
];

function clientIn(name = '', version: string | undefined, model: string): Stated['client'] | undefined {
  const found = systems.find(([pattern]) => pattern.test(name));
  if (found === undefined) return undefined;
  const [, os, usual] = found;
  const device = /^ipad|\btab(?:let)?\b/i.test(model) ? 'tablet' : usual;
  const told = version === undefined ? undefined : /\d[\d.]*/.exec(version)?.[0].replace(/\.$/, '');
  return { device, os, ...(told !== undefined && { os_version: told }) };
}

function fields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  const said = typeof value === 'string' ? value.trim().slice(0, lettersMax).toWellFormed() : '';
  return said === '' ? undefined : said;
}
