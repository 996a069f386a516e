import { isbot } from 'isbot';
import { botNameOf } from './bot-name.ts';

/** Who reads without being a reader. */
export interface Bot {
  /** As it calls itself, e.g. `Googlebot`. */
  readonly name: string;
  /** It is a program's HTTP library, or says nothing of itself: no reader's browser, but maybe the store's own app or server. */
  readonly library: boolean;
}

/** The name of what sends no user agent: every browser sends one. */
const silent: Bot = { name: 'no user agent', library: true };

/** Words of real apps and devices that look like a robot's: what WeChat writes, telephones of Google, a copied header name. */
const innocent =
  /\bProcess\/\w+|google (?:nexus|pixel)\b[^;)]*|^user-agent: ?|\[fb(?:an|_iab)\/[^\]]*\]|\b(?:smart|apple)news\b/gi;

/** Devices and players of readers that name no browser, which the library takes for programs. */
const devices =
  /^(?:apple ?tv\d|watch\d+,\d|server-bag \[|applecoremedia\/|atc\/[\d.]+ watchos)|^mozilla\/\d\.\d \(samsung;.*\bbada\b|^uzbl\b/i;

/** A browser, or a page inside of an app: on a telephone, a tablet or, with Electron, a desk. */
const readersApp =
  /^mozilla\/5\.0 \((?:linux; (?:u; )?android .*; wv\)|iphone;|ipad;|macintosh;.*\bmobile\/|linux; (?:u; )?android.*\bmobile safari|.*\belectron\/)/i;
/** What only robots write. */
const robotic =
  /compatible;|https?:|\bbots?\b|bot[/_-]|crawl|spider|slurp|scrap|headless|lighthouse|phantom|selenium|adbeat|\S@\S/i;
/** What apps of readers may have in their names: a library's app, a catalogue, a scanner of bar codes, the store's domain. */
const appWords = new RegExp(
  `\\b[\\w.-]*(?:${'library reader catch grab news feed radar insight archive discover capture download tools scan search rss url server googleplay'
    .split(' ')
    .join('|')})[\\w.-]*(?:\\/[\\w.]+)?|\\b[\\w.-]+\\.(?:com|kr|net)\\b`,
  'gi',
);

/**
 * HTTP libraries that live in apps. With a product before them, or behind them, the app speaks:
 * `RIDI/23.1 (Android 13) okhttp/4.9.3`.
 */
const carriers = 'okhttp|alamofire|cfnetwork|afnetworking|cronet|dart|ktor-client|exoplayer\\w*|urlsession';
const inApp = new RegExp(
  `^(?!mozilla\\/|(?:${carriers})\\b)[^/()]{1,80}[/ ].*\\b(?:${carriers})\\/\\d|^(?:okhttp|dart|cronet)\\/[\\d.]+ [\\w.-]+\\/\\d`,
  'i',
);
/** Robots and services that are written with such a library. */
const notAnApp =
  /bot\b|bot[/_-]|crawl|spider|slurp|scrap|fetch|archiv|monitor|uptime|probe|validat|link-?check|preview|https?:|^swcd\b|rss|^(?:python|java|ruby)/i;

/** Robots in a browser's clothes that the library does not know. */
const others =
  /gtmetrix|\bylt\b|webpagetest|\bcatchpoint|kakaotalk-scrap|meta-external|\bimg2dataset|turingos|miniature\.io|windowspowershell|puppeteer/i;

/** HTTP libraries, by how their user agents begin. */
const libraries = new RegExp(
  `^(?:${`okhttp axios node-fetch undici node got dart ktor python aiohttp httpx java apache-httpclient go-http go-resty curl libcurl
    wget ruby faraday php guzzle symfony restsharp alamofire volley retrofit reqwest hyper rust analytics- snowplow postman insomnia httpie`
    .split(/\s+/)
    .join('|')})`,
  'i',
);
/** A program that names itself and nothing else, e.g. `StoreServer/2.1`. */
const program = /^[\w.!-]{1,60}\/v?\d[\w.+-]*(?: \([^)]*\))?$/;

/**
 * The robot that a user agent names; undefined for a browser, an app or a device. Rules: the library `isbot` (patterns
 * for what browsers never write), without what real apps write.
 */
export function botOf(userAgent: string): Bot | undefined {
  const text = userAgent.replace(innocent, '').trim();
  if (text === '') return userAgent.trim() === '' ? silent : undefined;
  if (devices.test(text) || (inApp.test(text) && !notAnApp.test(text))) return undefined;
  if (!isbot(text) && !others.test(text)) return undefined;
  if (
    readersApp.test(text) &&
    !robotic.test(text) &&
    !others.test(text) &&
    !isbot(text.replace(appWords, ''))
  )
    return undefined;
  const library = libraries.test(text) || (program.test(text) && !notAnApp.test(text));
  return { name: botNameOf(text), library };
}
