import { darwinOf, desktopPadSystem, isDesktopPad } from './apple.ts';

/** A name and, where it is told, a version. */
export interface NamedVersion {
  readonly name: string;
  readonly version?: string;
}

/** Rules in the order in which they are asked; the first group is the version. */
const rules: readonly (readonly [string, RegExp])[] = [
  ['Xbox', /xbox(?:; xbox (series x|series s|one|360|x))?/i],
  ['Windows Phone', /windows phone(?: os)?[ /]?([\d.]+)?|windows phone/i],
  ['Windows Mobile', /windows mobile[ /]?([\d.]+)?/i],
  ['PlayStation', /playstation(?:; playstation)? ?((?:vita|portable|\d)\b)?/i],
  ['Nintendo', /nintendo (switch|wiiu|wii|3ds)?/i],
  ['watchOS', /watch ?os[,/ ]?([\d.]+)|\bwatch\d+,\d+\/([\d.]+)/i],
  ['tvOS', /apple ?tv[\d,]*(?:\/([\d.]+)|.*?\bos[ /]([\d_.]+))?/i],
  ['KaiOS', /kaios\/([\d.]+)/i],
  ['Tizen', /tizen[ /]?([\d.]+)?/i],
  ['webOS', /web0s|webos[/ ]?([\d.]+)?|hpwos\/([\d.]+)/i],
  ['Sailfish', /sailfish ?([\d.]+)?/i],
  ['BlackBerry', /blackberry(?:\d*\/([\d.]+))?|\bbb10\b|rim tablet os ([\d.]+)/i],
  ['Symbian', /symbian(?:os)?[/ ]?([\d.]+)?|series[46]0/i],
  ['HarmonyOS', /harmonyos(?![^)]*android)[ /]?([\d.]+)?|openharmony ?([\d.]+)?/i],
  ['Android', /(?<![a-z]-)andr[o0]id[ -/]?([\d.]+)?/i],
  // The version behind is the app's: `bookstore-android/5.1`.
  ['Android', /-android\b/i],
  // Fire tablets that ask for the pages of a desk.
  ['Android', /\(x11; linux.*\bsilk\//i],
  ['iOS', /(?:cpu (?:iphone )?os|iphone os|\bios|ipados)[ /]([\d_.]+)/i],
  ['iOS', /fbsn\/ios;fbsv\/([\d.]+)/i],
  ['iOS', /\b(?:iphone|ipad|ipod)\b/i],
  ['Chrome OS', /\bcros \w+(?: ([\d.]+))?/i],
  ['Haiku', /\bhaiku\b/i],
  ['macOS', /mac os x ?(\d[\d_.]*)|macos[ /]?([\d.]+)/i],
  ['macOS', /mac os x|mac_powerpc|macintosh/i],
  ['Windows', /windows nt ([\d.]+)/i],
  ['Windows', /windows ?(95|98|me|2000|xp|vista|7|8|10|11)?\b|\bwin ?(?:9[58x]|nt)/i],
  ['Firefox OS', /^mozilla\/5\.0 \((?:mobile|tablet|tv);/i],
  ['FreeBSD', /(?:free|ghost)bsd/i],
  ['OpenBSD', /openbsd/i],
  ['NetBSD', /netbsd/i],
  ['Fuchsia', /fuchsia/i],
  ['Solaris', /sunos|solaris/i],
  [
    'Linux',
    /linux|ubuntu|debian|fedora|gentoo|centos|red ?hat|suse|slackware|mandriva|raspbian|arch\b|mint\b|kobo\b|kindle/i,
  ],
];

/** Windows by its kernel's number. */
const windows: ReadonlyMap<string, string> = new Map([
  ['5.0', '2000'],
  ['5.1', 'XP'],
  ['5.2', 'XP'],
  ['6.0', 'Vista'],
  ['6.1', '7'],
  ['6.2', '8'],
  ['6.3', '8.1'],
  ['10.0', '10'],
]);

/** The system that a user agent names. Versions that browsers froze long ago (macOS 10.15, Android 10 of a `K`) are not told. */
export function operatingSystemOf(userAgent: string): NamedVersion | undefined {
  if (isDesktopPad(userAgent)) return desktopPadSystem(userAgent);
  const told = ruled(userAgent);
  const silent = told === undefined || (told.version === undefined && /^(?:iOS|macOS)$/.test(told.name));
  return silent ? (darwinOf(userAgent)?.system ?? told) : told;
}

function ruled(userAgent: string): NamedVersion | undefined {
  for (const [name, pattern] of rules) {
    const found = pattern.exec(userAgent);
    if (found === null) continue;
    const told = (found[1] ?? found[2])?.replaceAll('_', '.');
    const version = versionOf(name, told, userAgent);
    return version === undefined || version === '' ? { name } : { name, version };
  }
  return undefined;
}

function versionOf(name: string, told: string | undefined, userAgent: string): string | undefined {
  if (name === 'Windows') {
    if (/windows nt 6\.2; arm/i.test(userAgent)) return 'RT';
    return told === undefined ? undefined : (windows.get(told) ?? (/^\d+\.\d/.test(told) ? undefined : told));
  }
  if (name === 'macOS' && /^10\.15(\.7)?$/.test(told ?? '')) return undefined;
  if (name === 'Android' && told === '10' && /android 10; k\)/i.test(userAgent)) return undefined;
  return told?.replace(/\.$/, '');
}
