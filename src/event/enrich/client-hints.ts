import type { DeviceType } from './device.ts';
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
}

/** Takes the hints out of a request's headers, whose names are in small letters. */
export function clientHintsOf(headers: Readonly<Record<string, unknown>>): ClientHints | undefined {
  const brands = headers['sec-ch-ua-full-version-list'] ?? headers['sec-ch-ua'];
  const platform = headers['sec-ch-ua-platform'];
  if (brands === undefined && platform === undefined) return undefined;
  const hints: Record<string, unknown> = {
    brands,
    platform,
    mobile: headers['sec-ch-ua-mobile'],
    platformVersion: headers['sec-ch-ua-platform-version'],
    formFactors: headers['sec-ch-ua-form-factors'],
  };
  for (const name in hints) {
    const value = hints[name];
    hints[name] = typeof value === 'string' ? value.slice(0, hintLettersMax) : undefined;
  }
  return hints;
}

const hintLettersMax = 500;

const forms: Readonly<Record<string, DeviceType>> = {
  desktop: 'desktop',
  mobile: 'mobile',
  tablet: 'tablet',
  eink: 'ereader',
  watch: 'wearable',
  xr: 'wearable',
  automotive: 'embedded',
};

/** The device that the hints name. */
export function hintedDevice(hints: ClientHints): DeviceType | undefined {
  for (const form of hints.formFactors?.matchAll(/"([^"]+)"/g) ?? []) {
    const type = forms[(form[1] ?? '').toLowerCase()];
    if (type !== undefined) return type;
  }
  return hints.mobile === '?1' ? 'mobile' : undefined;
}

/** The system that the hints name; Windows tells 13 and more for its version 11. */
export function hintedSystem(hints: ClientHints): NamedVersion | undefined {
  const name = unquoted(hints.platform);
  if (name === undefined || name === 'Unknown') return undefined;
  const version = unquoted(hints.platformVersion)?.replace(/(\.0)+$/, '');
  const shown = name === 'Chromium OS' ? 'Chrome OS' : name;
  if (version === undefined || version === '') return { name: shown };
  if (name !== 'Windows') return { name: shown, version };
  const major = Number.parseInt(version, 10);
  return major === 0 ? { name, version: '8' } : { name, version: major >= 13 ? '11' : '10' };
}

const brandNames: Readonly<Record<string, string>> = {
  'Google Chrome': 'Chrome',
  'Microsoft Edge': 'Edge',
  Opera: 'Opera',
  Brave: 'Brave',
  Vivaldi: 'Vivaldi',
  Whale: 'Naver Whale',
  'Samsung Internet': 'Samsung Internet',
  YaBrowser: 'Yandex',
  DuckDuckGo: 'DuckDuckGo',
  HeadlessChrome: 'Chrome',
  'Android WebView': 'Android WebView',
};

/** The browser that the hints name: a known brand, else Chromium. */
export function hintedBrowser(hints: ClientHints): NamedVersion | undefined {
  let chromium: NamedVersion | undefined;
  for (const [, brand = '', version = ''] of hints.brands?.matchAll(/"([^"]{1,60})";\s*v="([\d.]{1,40})"/g) ??
    []) {
    const name = brandNames[brand];
    if (name !== undefined) return { name, version };
    if (brand === 'Chromium') chromium = { name: 'Chromium', version };
  }
  return chromium;
}

function unquoted(text: string | undefined): string | undefined {
  return text?.replaceAll('"', '').trim();
}
