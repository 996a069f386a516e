import { desktopPadSystem } from './apple.ts';
import { botOf, type Bot } from './bot.ts';
import { browserOf } from './browser.ts';
import {
  guessedDevice,
  hintedBrowser,
  hintedDevice,
  hintedSystem,
  isHeadless,
  isTouchedMacintosh,
  type ClientHints,
} from './client-hints.ts';
import { deviceOf, namedDevice, type DeviceType } from './device.ts';
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
export const rulesVersion = 5;

/** More letters of a user agent say nothing new. */
const agentLettersMax = 1000;

/**
 * Reads a user agent. Client hints win where they say more: a browser that froze its user agent tells its system's
 * version and its device's model only there, and one that nobody looks at may call itself headless only there. For an event
 * of an app or a server (`app.platform`), an HTTP library is no robot, nor is what sends no user agent, which is one
 * otherwise; an app's platform names the device that the library doesn't.
 */
export function clientOf(userAgent: string, hints?: ClientHints, platform?: string): EventClient {
  const text = userAgent.slice(0, agentLettersMax);
  const found = botOf(text) ?? (hints !== undefined && isHeadless(hints) ? headless : undefined);
  const bot =
    found !== undefined && !(found.library && platform !== undefined && platform !== 'web')
      ? found
      : undefined;
  const said = apps.get(platform ?? '');
  const system = systemOf(text, hints) ?? (said?.os === undefined ? undefined : { name: said.os });
  const browser = browserWith(text, hints);
  const device = deviceWith(text, hints) ?? said?.device;
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

const headless: Bot = { name: 'HeadlessChrome', library: false };

/** What the user agent names outright wins, then what the hints name; the guesses come last. */
function deviceWith(userAgent: string, hints: ClientHints | undefined): DeviceType | undefined {
  if (hints === undefined) return deviceOf(userAgent);
  if (isTouchedMacintosh(userAgent, hints)) return 'tablet';
  const hinted = namedDevice(userAgent) ?? hintedDevice(hints);
  if (hinted !== undefined) return hinted;
  const told = deviceOf(userAgent);
  return told === undefined || told === 'desktop' ? (guessedDevice(hints) ?? told) : told;
}

/** What a platform of `app.platform` is, when the user agent is a library's. */
const apps: ReadonlyMap<string, { readonly device: DeviceType; readonly os?: string }> = new Map([
  ['ios', { device: 'mobile', os: 'iOS' }],
  ['android', { device: 'mobile', os: 'Android' }],
  ['ereader', { device: 'ereader' }],
]);

/** What the platform alone says of a device; undefined where it names none. */
export function clientOfPlatform(platform: string | undefined): EventClient | undefined {
  const said = apps.get(platform ?? '');
  return said === undefined ? undefined : { ...said, bot: false };
}

function systemOf(userAgent: string, hints: ClientHints | undefined): ReturnType<typeof operatingSystemOf> {
  const told = operatingSystemOf(userAgent);
  if (hints !== undefined && isTouchedMacintosh(userAgent, hints)) return desktopPadSystem(userAgent);
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
