import { isbot } from 'isbot';

/** Who reads without being a reader. */
export interface Bot {
  /** As it calls itself, e.g. `Googlebot`. */
  readonly name: string;
  /** It is a program's HTTP library: no reader's browser, but maybe the store's own app or server. */
  readonly library: boolean;
}

/** Words of real apps and devices that look like a robot's: what WeChat writes, telephones of Google, a copied header name. */
const innocent = /\bProcess\/\w+|google (?:nexus|pixel)\b[^;)]*|^user-agent: ?|\[fb(?:an|_iab)\/[^\]]*\]/gi;

/** Robots in a browser's clothes that the library does not know. */
const others =
  /gtmetrix|\bylt\b|webpagetest|\bcatchpoint|kakaotalk-scrap|meta-external|\bimg2dataset|turingos|miniature\.io/i;

/** HTTP libraries, by how their user agents begin. */
const libraries = new RegExp(
  `^(?:${`okhttp axios node-fetch undici node got dart ktor python aiohttp httpx java apache-httpclient go-http go-resty curl libcurl
    wget ruby faraday php guzzle symfony restsharp alamofire volley retrofit reqwest hyper rust analytics- snowplow postman insomnia httpie`
    .split(/\s+/)
    .join('|')})`,
  'i',
);

/**
 * The robot that a user agent names; undefined for a browser, an app or a device. Rules: the library `isbot` (patterns
 * for what browsers never write), without what real apps write.
 */
export function botOf(userAgent: string): Bot | undefined {
  const text = userAgent.replace(innocent, '').trim();
  if (text === '') return undefined;
  if (!isbot(text) && !others.test(text)) return undefined;
  return { name: botNameOf(text), library: libraries.test(text) };
}

/** Names that say nothing about who it is. */
const common = new Set(
  `mozilla applewebkit khtml gecko chrome chromium safari version mobile firefox opera presto msie trident edge edg like compatible
   windows linux android x11 macintosh iphone ipad ubuntu nt intel mac os build http https www com u wow64 win64 x64 wv rv bot crawler spider
   user-agent x86_64 i686 arm`.split(/\s+/),
);

const known =
  /kakaotalk-scrap|headlesschrome|chrome-lighthouse|google page speed insights|facebookexternalhit(?!.*kakaotalk-scrap)|daumoa|meta-external\w+|gtmetrix/i;
const spoken =
  /[\w.-]*(?:bot|crawl|spider|slurp|scrap|fetch|archiv|monitor|check|preview|scan|valid|index|proxy|feed|rss|search|insight|agent)[\w.-]*/gi;

/** What a robot calls itself: a word that says so, else its own product among those of browsers. */
function botNameOf(text: string): string {
  const [found] = known.exec(text) ?? [];
  if (found !== undefined) return found;
  const plain = text.replace(/\(?\+?(?:https?:\/\/|www\.)[^\s;,)]*|\S+@\S+|\bbuild\/[^\s;)]+/gi, ' ');
  for (const [word] of plain.matchAll(spoken)) {
    const name = trimmed(word);
    if (name.length > 2 && !common.has(name.toLowerCase())) return name.slice(0, nameLettersMax);
  }
  for (const [, product = ''] of plain.matchAll(/([A-Za-z][\w.!-]*(?: [A-Z][\w.-]*)?)(?=\/v?\d|[;)]|$)/g)) {
    const name = trimmed(product);
    const first = name.split(' ', 1)[0] ?? '';
    if (name.length > 1 && !common.has(first.toLowerCase())) return name.slice(0, nameLettersMax);
  }
  const [host] = /(?<=https?:\/\/(?:www\.)?)[\w.-]+/.exec(text) ?? [];
  const last = plain.match(/[A-Za-z][\w.!-]+/g)?.findLast((word) => !common.has(word.toLowerCase()));
  return (host ?? last ?? 'unnamed').slice(0, nameLettersMax);
}

const nameLettersMax = 60;

function trimmed(word: string): string {
  return word.replace(/^[.-]+|[.-]+$/g, '').replace(/[-/.]v?\d[\d.]*$/, '');
}
