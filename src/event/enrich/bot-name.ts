/** Names that say nothing about who it is. */
const common = new Set(
  `mozilla applewebkit khtml gecko chrome chromium safari version mobile firefox opera presto msie trident edge edg like compatible
   windows linux android x11 macintosh iphone ipad ubuntu nt intel mac os build http https www com u wow64 win64 x64 wv rv bot crawler spider
   user-agent x86_64 i686 arm unknown en-us ko-kr contact email`.split(/\s+/),
);

/** Robots whose own words the rules below don't find, as they write themselves. */
const known = new RegExp(
  [
    'kakaotalk-scrap|line-poker|headlesschrome|chrome-lighthouse|google page speed insights|google favicon|google-pagerenderer',
    'facebookexternalhit(?!.*(?:kakaotalk-scrap|line-poker))',
    'daumoa|\\bdaum(?=/)|meta-external\\w+|gtmetrix|phantomjs|\\bnmap\\b|sogou[\\w ]*spider|yahoo! slurp|screaming frog seo spider',
    '(?:apis|mediapartners|(?<!like )feedfetcher)-google|adsbot-google(?:-mobile)?(?:-apps)?|pingdom\\.com_bot|pingdompagespeed',
    'better uptime bot|aiohttp|windowspowershell|^(?:got|faraday|nuclei|expanse|feedly|wordpress|cohere-ai)\\b|blackbox exporter|bytespider|zgrab',
    'pingdomtms|\\bnikto\\b|acunetix|thousandeyes|ghost inspector|hubspot|sucuri|speedy spider|appengine-google|nyt_scraping',
    'iframely|embedly|ahrefssiteaudit|cypress(?=/)|\\bptst(?=/)|datadogsynthetics',
  ].join('|'),
  'i',
);
/** Robots that are written in several ways, or not at all, by what they are called. */
const renamed: ReadonlyMap<string, string> = new Map([
  ['windowspowershell', 'PowerShell'],
  ['datadog/synthetics', 'Datadog Synthetics'],
]);
const spoken =
  /[\w.-]*(?:bot|crawl|spider|slurp|scrap|fetch|archiv|monitor|check|preview|scan|valid|index|proxy|feed|rss|search|insight|agent)[\w.-]*/gi;
/** What browsers say of themselves, and addresses. */
const noise =
  /\(?\+?(?:https?:\/\/|www\.)[^\s;,)]*|\S+@\S+|\bbuild\/[^\s;)]+|\b(?:mobile|version|safari|chrome|gecko)\/\S+/gi;

/** Up to five words, each no address. */
const words = String.raw`([A-Za-z\d][\w.!'&:-]*(?: (?!https?:|mozilla\/)[A-Za-z][\w.!'&:-]*){0,4}?)`;
const ending = String.raw`(?=\/|\s*[;,()+|]|\s+(?:v?\d|https?:|[-–] |mozilla\/)|$)`;
/** What stands first, where it is no browser's or telephone's own beginning; and what is said to be compatible. */
const first = new RegExp(
  `^(?!mozilla|opera|docomo|kddi|nokia|sonyericsson|samsung|lg|mot|blackberry|ucweb|dalvik|user-agent)${words}${ending}`,
  'i',
);
const compatible = new RegExp(`\\bcompatible[;,] ?${words}${ending}`, 'i');

/** What a robot calls itself: what stands first or is compatible, else a word that says so, else its own product among those of browsers. */
export function botNameOf(text: string): string {
  const whole = renamed.get(text.toLowerCase());
  if (whole !== undefined) return whole;
  const [found] = known.exec(text) ?? [];
  if (found !== undefined) return renamed.get(found.toLowerCase()) ?? found;
  for (const pattern of [first, compatible]) {
    const name = trimmed(pattern.exec(text)?.[1] ?? '');
    if (name.length > 1 && !common.has(name.split(/[ /]/, 1)[0]?.toLowerCase() ?? ''))
      return name.slice(0, nameLettersMax);
  }
  const plain = text.slice(0, searchedLettersMax).replace(noise, ' ');
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
/** These searches take time by the square of a word's letters; names come early. */
const searchedLettersMax = 300;

function trimmed(word: string): string {
  return word.replace(/^[.-]+|[.:-]+$/g, '').replace(/[-/.]v?\d[\d.]*$/, '');
}
