import { darwinOf, isDesktopPad } from './apple.ts';

/** What a reader holds in the hands. */
export const deviceTypes = [
  'desktop',
  'mobile',
  'tablet',
  'ereader',
  'tv',
  'console',
  'wearable',
  'embedded',
] as const;
export type DeviceType = (typeof deviceTypes)[number];

/**
 * Rules in the order in which they are asked: the exact ones first, for an e-reader also says Android, and a
 * television says Mobile. Model numbers are taken by family (`SM-T`, `SM-X` … are tablets of Samsung), never one by one.
 */
const rules: readonly (readonly [DeviceType, RegExp])[] = [
  ['console', /xbox|playstation|nintendo|\bouya\b/i],
  [
    'wearable',
    /watch ?os|apple ?watch|\bwatch\d+,\d|wear ?os|\bsm-r\d{3}|galaxy watch|oculus|\bquest( \d| pro)?\)|\bpico (neo|\d)|\bvr safari/i,
  ],
  [
    'tv',
    // oxlint-disable-next-line no-useless-escape -- a class reads better with its dash escaped
    /smart[\- ]?tv|hbbtv|\btv\b|(?:apple|google|mi)tv(?:\b|\d)/i,
  ],
  [
    'tv',
    /mitv[- ]|\bmibox|bravia|\broku|crkey|web0s|netcast|nettv|\bomi\/\d|aquos-tv|large screen|chromecast/i,
  ],
  ['tv', /\bAFT[A-Z0-9]{1,8}\b/],
  [
    'ereader',
    /\bkindle(?! fire)\b|\bkobo\b|\bbnrv\d|\bnook (?:simple|glow|bnrv)|pocketbook|tolino|bookeen|cybook|\bboox\b|\bonyx\b|(?<![a-z])e-?reader|e-?ink\b/i,
  ],
  [
    'ereader',
    /\bcrema(?![b-z])|\bcrema[-_ ]?(?:carta|sound|grande|expert|motif|pro|s|palette)\b|ridi[-_ ]?paper|\bpaper ?pro\b|\bkyobo ?sam\b|\bsony prs|\bprs-t\d/i,
  ],
  [
    'ereader',
    /likebook|meebook|inkpalm|moaan|bigme|\bhibreak|mobiscribe|\bremarkable\b|\bhisense ?(?:a[579]|hlte)|\bhlte\d|\bpb[67]\d{2}[a-z]?\b/i,
  ],
  // Onyx's own words, for its devices don't say BOOX.
  [
    'ereader',
    /\bnote ?air\d?|\bnova ?(?:air|pro)|\bnova[23]\b|\bpoke ?\d|\b(?:leaf ?\d?c?|palma ?\d?)(?=[);]| build|$)/i,
  ],
  ['ereader', /\btab ?(?:ultra|mini ?c|x ?c\b)|\btab(?:8c|10c|13c?)\b|\bgo ?color ?\d|\bmax ?lumi/i],
  ['embedded', /\btesla\b|qtcarbrowser|android automotive|\bcarplay|\baeob[cp]\b/i],
  [
    'tablet',
    /\bipad|tablet(?! pc)|\btab\b|\bplaybook|touchpad|\b(?:media|mate|mi|one|real|zen|g)? ?pad(?:\b|fone)/i,
  ],
  ['tablet', /\bKF[A-Z]{2,7}\b|\bAEO[A-Z]{2}\b|\bSilk\/\d+\.(?!.*\bMobile\b)/],
  [
    'tablet',
    /kindle fire|alexawebmediaplayer|nexus (?:7|9|10)\b|pixel (?:c|tablet)\b|\bxoom\b|\bvenue [78]\b/i,
  ],
  [
    'tablet',
    /\bsm-?[tpx]\d{3}|\bgt-[pn][5-8]\d{3}|\bshw-m(?:180|380|480)|\bshv-e230|surface duo|\bsgp\d{3}|\bbntv|\bnook/i,
  ],
  [
    'tablet',
    /lenovo (?:tab|tb|yt|yoga|ideatab)|\btb-?[jxq]?\d{3,4}[a-z]{0,2}\b|\blg-?[vu]k?\d{3}\b|\bvk\d{3}\b/i,
  ],
  // Huawei: `W` has no telephone in it; with one, by family.
  [
    'tablet',
    /\b[a-z]{3}\d?-w\d{2}\b|\b(?:bah|sht|ags|agr|btv|vrd|scm|jdn|mon|cmr|kob|mrx|dby|wgr|got)\d?-(?:al?|l)\d{2}/i,
  ],
  ['mobile', /\bsm-[acefgjmnsz]\d{3}|pixel \d/i],
];

/** Android on something that is neither a phone nor in a hand says no `Mobile` in a browser. */
const browserOfAndroid = /android.*(?:applewebkit|gecko)|applewebkit.*android/i;
const phone =
  /mobile|iphone|\bios[ /]\d|ipod|android|phone|blackberry|\bbb10\b|opera (?:mini|mobi)|symbian|series[46]0|nokia|kaios|windows ce|palm ?os|midp|\bbada\b/i;
const feature =
  /^(?:sonyericsson|samsung|lg|mot|sec|sie|htc|alcatel|zte|sharp|sagem|sanyo|kyocera|kwc|benq|panasonic)[-_/ ]?[\w-]*/i;
const desk =
  /windows|macintosh|mac[ _]?os|mac_powerpc|x11|linux|\bcros\b|win(?:9[58x]|dows)|freebsd|openbsd|netbsd|beos|amiga|os\/2/i;

/** What a user agent or the name of a model names outright; undefined when only a guess is left. */
export function namedDevice(text: string): DeviceType | undefined {
  for (const [type, pattern] of rules) {
    if (pattern.test(text) && !(type === 'ereader' && otherHands.test(text))) return type;
  }
  return undefined;
}

/** No e-reader is one of these: there it is the e-reader's app, e.g. Kindle for Windows. */
const otherHands = /\((?:windows nt|macintosh|iphone|ipad|ipod)|\bsm-[a-z]\d{3}|\bpixel \d/i;

/**
 * What the user agent says it runs on; undefined when it says nothing. An iPad whose Safari calls itself Macintosh, with
 * no word of being mobile, is a desktop.
 */
export function deviceOf(userAgent: string): DeviceType | undefined {
  const named = namedDevice(userAgent);
  if (named !== undefined) return named;
  if (isDesktopPad(userAgent)) return 'tablet';
  if (browserOfAndroid.test(userAgent) && !/mobile/i.test(userAgent)) return 'tablet';
  const darwin = darwinOf(userAgent);
  if (darwin !== undefined) return darwin.desk ? 'desktop' : 'mobile';
  if (phone.test(userAgent) || feature.test(userAgent)) return 'mobile';
  return desk.test(userAgent) ? 'desktop' : undefined;
}
