import { namedDevice, type DeviceType } from './device.ts';
import type { NamedVersion } from './operating-system.ts';

/** User-agent client hints as a browser sends them; see https://wicg.github.io/ua-client-hints. */
export interface ClientHints {
  /** `Sec-CH-UA-Full-Version-List`, else `Sec-CH-UA`. */
  readonly brands?: string;
  /** `Sec-CH-UA-Mobile`: `?1` or `?0`. */
  readonly mobile?: string;
  readonly platform?: string;
  readonly platformVersion?: string;
  readonly formFactors?: string;
  /** What the user agent of Android keeps back as `K`. */
  readonly model?: string;
  /** Whether several fingers can touch it (`navigator.maxTouchPoints`), which the tracker tells. */
  readonly touch?: true;
}

/**
 * Takes the hints out of a request's headers, whose names are in small letters.
 *
 * @param touchPoints - what the tracker says of the screen: fingers that it tells apart
 */
export function clientHintsOf(
  headers: Readonly<Record<string, unknown>>,
  touchPoints?: string | null,
): ClientHints | undefined {
  const brands = headers['sec-ch-ua-full-version-list'] ?? headers['sec-ch-ua'];
  const platform = headers['sec-ch-ua-platform'];
  const model = headers['sec-ch-ua-model'];
  // One finger is what a mouse is told as by some.
  const touch = Number(touchPoints ?? 0) > 1 ? ({ touch: true } as const) : {};
  if (brands === undefined && platform === undefined && model === undefined)
    return touch.touch === true ? touch : undefined;
  const hints: Record<string, unknown> = {
    brands,
    platform,
    mobile: headers['sec-ch-ua-mobile'],
    platformVersion: headers['sec-ch-ua-platform-version'],
    formFactors: headers['sec-ch-ua-form-factors'],
    model,
  };
  for (const name in hints) {
    const value = hints[name];
    hints[name] = typeof value === 'string' ? value.slice(0, hintLettersMax) : undefined;
  }
  return { ...hints, ...touch };
}

const hintLettersMax = 500;

const forms: ReadonlyMap<string, DeviceType> = new Map([
  ['desktop', 'desktop'],
  ['mobile', 'mobile'],
  ['tablet', 'tablet'],
  ['eink', 'ereader'],
  ['watch', 'wearable'],
  ['xr', 'wearable'],
  ['automotive', 'embedded'],
]);

/**
 * The device that the hints name outright: e-readers by their model, for their browsers call them tablets; then the form
 * that the browser tells; then what the model is.
 */
export function hintedDevice(hints: ClientHints): DeviceType | undefined {
  const model = unquoted(hints.model) ?? '';
  const byModel = model === '' ? undefined : namedDevice(model);
  if (byModel === 'ereader') return byModel;
  for (const form of hints.formFactors?.matchAll(/"([^"]+)"/g) ?? []) {
    const type = forms.get((form[1] ?? '').toLowerCase());
    if (type !== undefined) return type;
  }
  return byModel;
}

/** What is left to guess: a telephone says so, and Android on what is none is a tablet, though it asks for the pages of a desk. */
export function guessedDevice({ mobile, platform }: ClientHints): DeviceType | undefined {
  if (mobile === '?1') return 'mobile';
  return mobile === '?0' && unquoted(platform) === 'Android' ? 'tablet' : undefined;
}

/** Whether a browser that calls itself one of a Macintosh is one of an iPad: no Macintosh is touched. */
export function isTouchedMacintosh(userAgent: string, { touch }: ClientHints): boolean {
  return touch === true && userAgent.includes('(Macintosh;');
}

/** Whether the browser says that nobody looks at it. */
export function isHeadless({ brands }: ClientHints): boolean {
  return brands !== undefined && /headless/i.test(brands);
}

/** The system that the hints name; Windows tells 13 and more for its version 11, and 0.1 to 0.3 for those before 10. */
export function hintedSystem(hints: ClientHints): NamedVersion | undefined {
  const name = unquoted(hints.platform);
  if (name === undefined || name === 'Unknown') return undefined;
  const version = unquoted(hints.platformVersion)?.replace(/(\.0)+$/, '');
  const shown = name === 'Chromium OS' ? 'Chrome OS' : name;
  if (version === undefined || version === '') return { name: shown };
  if (name !== 'Windows') return { name: shown, version };
  const major = Number.parseInt(version, 10);
  if (major === 0) return { name, version: olderWindows.get(version) ?? '8' };
  return { name, version: major >= 13 ? '11' : '10' };
}

const olderWindows: ReadonlyMap<string, string> = new Map([
  ['0.1', '7'],
  ['0.2', '8'],
  ['0.3', '8.1'],
]);

const brandNames: ReadonlyMap<string, string> = new Map([
  ['Google Chrome', 'Chrome'],
  ['Microsoft Edge', 'Edge'],
  ['Opera', 'Opera'],
  ['Brave', 'Brave'],
  ['Vivaldi', 'Vivaldi'],
  ['Whale', 'Naver Whale'],
  ['Samsung Internet', 'Samsung Internet'],
  ['YaBrowser', 'Yandex'],
  ['DuckDuckGo', 'DuckDuckGo'],
  ['HeadlessChrome', 'Chrome'],
  ['Android WebView', 'Android WebView'],
]);

/** The browser that the hints name: a known brand, else Chromium. */
export function hintedBrowser(hints: ClientHints): NamedVersion | undefined {
  let chromium: NamedVersion | undefined;
  for (const [, brand = '', version = ''] of hints.brands?.matchAll(/"([^"]{1,60})";\s*v="([\d.]{1,40})"/g) ??
    []) {
    const name = brandNames.get(brand);
    if (name !== undefined) return { name, version };
    if (brand === 'Chromium') chromium = { name: 'Chromium', version };
  }
  return chromium;
}

function unquoted(text: string | undefined): string | undefined {
  return text?.replaceAll('"', '').trim();
}
