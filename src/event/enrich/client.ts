import { botOf } from './bot.ts';
import { browserOf } from './browser.ts';
import { hintedBrowser, hintedDevice, hintedSystem, type ClientHints } from './client-hints.ts';
import { deviceOf, type DeviceType } from './device.ts';
import { operatingSystemOf } from './operating-system.ts';

/** What sent an event, read from its user agent and client hints. */
export interface EventClient {
  readonly device?: DeviceType;
  readonly os?: string;
  readonly os_version?: string;
  /** The browser, or the app around the page. */
  readonly browser?: string;
  readonly browser_version?: string;
  /** True for a robot; the event is kept. */
  readonly bot: boolean;
  readonly bot_name?: string;
}

/** The rules of this folder; raised when one of them changes what is stored. */
export const rulesVersion = 2;

/** More letters of a user agent say nothing new. */
const agentLettersMax = 1000;

/**
 * Reads a user agent. Client hints win where they say more: a browser that froze its user agent tells its system's
 * version only there. For an app's event (`app.platform`), an HTTP library is no robot, and the platform
 * names the device that the library doesn't.
 */
export function clientOf(userAgent: string, hints?: ClientHints, platform?: string): EventClient {
  const text = userAgent.slice(0, agentLettersMax);
  const found = botOf(text);
  const bot =
    found !== undefined && !(found.library && platform !== undefined && platform !== 'web')
      ? found
      : undefined;
  const said = apps[platform ?? ''];
  const system = systemOf(text, hints) ?? (said?.os === undefined ? undefined : { name: said.os });
  const browser = browserWith(text, hints);
  const told = deviceOf(text);
  const hinted = hints === undefined ? undefined : hintedDevice(hints);
  const device = told === undefined || told === 'desktop' ? (hinted ?? told ?? said?.device) : told;
  return {
    ...(device === undefined ? {} : { device }),
    ...(system === undefined ? {} : { os: system.name }),
    ...(system?.version === undefined ? {} : { os_version: system.version }),
    ...(browser === undefined ? {} : { browser: browser.name }),
    ...(browser?.version === undefined ? {} : { browser_version: browser.version }),
    bot: bot !== undefined,
    ...(bot === undefined ? {} : { bot_name: bot.name }),
  };
}

/** What a platform of `app.platform` is, when the user agent is a library's. */
const apps: Readonly<Record<string, { readonly device: DeviceType; readonly os?: string } | undefined>> = {
  ios: { device: 'mobile', os: 'iOS' },
  android: { device: 'mobile', os: 'Android' },
  ereader: { device: 'ereader' },
};

function systemOf(userAgent: string, hints: ClientHints | undefined): ReturnType<typeof operatingSystemOf> {
  const told = operatingSystemOf(userAgent);
  const hinted = hints === undefined ? undefined : hintedSystem(hints);
  if (hinted === undefined) return told;
  return hinted.version === undefined && told?.name === hinted.name ? told : hinted;
}

/** Apps around a page give no hints of their own: what their user agent says is kept, beside Chromium's names. */
function browserWith(userAgent: string, hints: ClientHints | undefined): ReturnType<typeof browserOf> {
  const told = browserOf(userAgent);
  const hinted = hints === undefined ? undefined : hintedBrowser(hints);
  if (hinted === undefined || hinted.name === 'Chromium') return told ?? hinted;
  const plain = told === undefined || told.name === hinted.name || told.name.startsWith('Chrom');
  return plain ? hinted : told;
}
