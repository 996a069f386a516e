import type { NamedVersion } from './operating-system.ts';

/**
 * Rules in the order in which they are asked: apps that show pages inside of themselves, then browsers that
 * also say Chrome or Safari, then those. The first group is the version.
 */
const rules: readonly (readonly [string, RegExp])[] = [
  ['KakaoTalk', /\bkakaotalk\/?\s*([\d.]+)?/i],
  ['Naver', /\bnaver\(inapp;[^)]*?;\s*\d+;\s*([\d.]+)|\bnaver\((?:inapp|higgs)[^)]*\)/i],
  ['Naver Whale', /\bwhale\/([\d.]+)/i],
  ['Daum', /\bdaumapps?\/([\d.]+)|\bdaum(?:device|apps)\b/i],
  ['KakaoStory', /\bkakaostory\/([\d.]+)?/i],
  ['Band', /\bband\/([\d.]+)/i],
  ['Line', /\bline\/([\d.]+)/i],
  ['WeChat', /micromessenger\/([\d.]+)/i],
  ['Instagram', /\binstagram ([\d.]+)/i],
  ['Threads', /\bbarcelona ([\d.]+)/i],
  ['LinkedIn', /\blinkedinapp\]?\/([\d.]+)|\blinkedinapp\b/i],
  ['Facebook', /\bfbav\/([\d.]+)/i],
  ['Facebook', /\bfb(?:an|_iab)\/|\bmetaiab\b/i],
  ['TikTok', /\b(?:bytedancewebview|musical_ly|trill)[_/ ]?([\d.]+)?/i],
  ['X', /\btwitter(?: for iphone|android)?\/?([\d.]+)?/i],
  ['Snapchat', /\bsnapchat\/?([\d.]+)?/i],
  ['Pinterest', /\[?pinterest\/(?:ios|android)?/i],
  ['Google app', /\bgsa\/([\d.]+)/i],
  ['Samsung Internet', /samsungbrowser\/([\d.]+)/i],
  ['Edge', /\bedg(?:e|a|ios)?\/([\d.]+)/i],
  [
    'Opera',
    /\bop(?:r|t|ios|x|rgx)\/([\d.]+)|opera mini\/([\d.]+)|opera.*version\/([\d.]+)|\bopera[ /]([\d.]+)/i,
  ],
  ['Vivaldi', /vivaldi\/([\d.]+)/i],
  ['Yandex', /yabrowser\/([\d.]+)/i],
  ['UC Browser', /uc ?browser\/([\d.]+)|ucweb/i],
  ['QQ Browser', /m?qqbrowser\/([\d.]+)/i],
  ['MIUI Browser', /miuibrowser\/([\d.]+)/i],
  ['Huawei Browser', /huaweibrowser\/([\d.]+)/i],
  ['Silk', /\bsilk\/([\d.]+)/i],
  ['DuckDuckGo', /\b(?:duckduckgo|ddg)\/([\d.]+)/i],
  ['Brave', /\bbrave\/([\d.]+)/i],
  ['Oculus Browser', /oculusbrowser\/([\d.]+)/i],
  ['Swing', /\bswing\(and\)|\bswing\/([\d.]+)/i],
  ['Electron', /electron\/([\d.]+)/i],
  ['Firefox', /\b(?:firefox|fxios|focus)\/([\d.]+)/i],
  ['Internet Explorer', /msie ([\d.]+)|trident\/.*rv:([\d.]+)/i],
  ['Chrome', /\bcrios\/([\d.]+)/i],
  ['Kobo', /\bkobo (?:ereader|touch)/i],
  ['Kindle', /\bkindle\/([\d.]+)/i],
  ['Android WebView', /; wv\).*chrome\/([\d.]+)/i],
  ['Chromium', /\bchromium\/([\d.]+)/i],
  ['Chrome', /\b(?:headless)?chrome\/([\d.]+)/i],
  ['Android Browser', /android.*version\/([\d.]+).*safari/i],
  ['Safari', /version\/([\d.]+).*safari/i],
  ['iOS WebView', /\((?:iphone|ipad|ipod|macintosh(?=.*\bmobile\/)).*applewebkit\/(?!.*\bsafari\/)/i],
  ['Safari', /\bsafari\//i],
  ['Konqueror', /konqueror\/([\d.]+)/i],
];

/** The browser, or the app around the page, that a user agent names. */
export function browserOf(userAgent: string): NamedVersion | undefined {
  for (const [name, pattern] of rules) {
    const found = pattern.exec(userAgent);
    if (found === null) continue;
    const version = (found[1] ?? found[2] ?? found[3] ?? found[4])?.replace(/\.+$/, '');
    return version === undefined || version === '' ? { name } : { name, version };
  }
  return undefined;
}
