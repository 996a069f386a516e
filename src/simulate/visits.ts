import {
  campaignOf,
  clientOf,
  hostOf,
  referrerOf,
  rulesVersion,
  type EventCampaign,
  type EventClient,
  type EventPage,
  type EventReferrer,
} from '../event/index.ts';
import { unitHash } from './distribution.ts';
import type { Reader } from './readers.ts';

/** The store's address. */
export const site = 'https://bookstore.example';

/** A user agent, and how many of a hundred have it. */
type Share = readonly [share: number, userAgent: string];
type Device = Reader['device'];

const chromium = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0';
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const agents: Readonly<Record<Device, readonly Share[]>> = {
  web: [
    [34, `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chromium} Safari/537.36`],
    [8, `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chromium} Safari/537.36 Edg/131.0.0.0`],
    [8, `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chromium} Whale/4.29.282.14 Safari/537.36`],
    [7, `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${chromium} Safari/537.36`],
    [18, `Mozilla/5.0 (Linux; Android 10; K) ${chromium} Mobile Safari/537.36`],
    [
      7,
      `Mozilla/5.0 (Linux; Android 15; SM-S931N) ${chromium.replace('Chrome', 'SamsungBrowser/27.0 Chrome')} Mobile Safari/537.36`,
    ],
    [12, `${iphone} Version/18.1 Mobile/15E148 Safari/604.1`],
    [4, `${iphone} Mobile/15E148 KAKAOTALK 10.6.5`],
    [2, 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0'],
  ],
  ios: [
    [88, 'Bookstore/5.2 (iPhone; iOS 18.1)'],
    [12, 'Bookstore/5.2 (iPad; iOS 18.1)'],
  ],
  android: [
    [60, 'Bookstore/5.2 (Android 15; Mobile)'],
    [30, 'Bookstore/5.2 (Android 14; Mobile)'],
    [10, 'Bookstore/5.2 (Android 14; Tablet)'],
  ],
  ereader: [[100, 'Bookstore/3.0 (E-reader)']],
};
const botAgents: readonly Share[] = [
  [70, 'ShelfCrawler/2.1 (+https://crawler.example/about)'],
  [30, 'Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd) ShelfCrawler/2.1'],
];

/** Roads to the store: of a hundred visits in a browser, the page before, and what stands in the address. */
const roads: readonly (readonly [share: number, referrer: string | undefined, query: string])[] = [
  [38, undefined, ''],
  [22, 'https://search.naver.com/', ''],
  [11, 'https://www.google.com/', ''],
  [4, 'https://search.daum.net/', ''],
  [6, 'https://www.instagram.com/', ''],
  [3, 'https://blog.naver.com/', ''],
  [7, undefined, '?utm_source=newsletter&utm_medium=email&utm_campaign=weekly_new'],
  [5, 'https://search.naver.com/', '?utm_source=naver&utm_medium=cpc&utm_campaign=bestsellers'],
  [3, undefined, '?utm_source=kakao&utm_medium=social&utm_campaign=channel'],
  [1, 'https://chatgpt.com/', ''],
];

/** What the collector would have added to an event: the same rules, applied when history is written. */
export interface Enriched {
  readonly client: EventClient;
  readonly campaign?: EventCampaign;
  readonly referrer: EventReferrer;
  readonly enriched_by: string;
}

/** The browser or app of a device, always the same. */
export function agentOf(device: Device, deviceId: string, bot: boolean): string {
  const shares = bot ? botAgents : agents[device];
  return shareOf(shares, deviceId, 3)[1];
}

/** The page of an event: in a browser a visit's first page knows where the reader came from, a later one the store. */
export function pageOf(
  path: string,
  visit: {
    readonly device: Device;
    readonly sessionId: string;
    readonly bot: boolean;
    readonly first: boolean;
  },
): EventPage {
  if (visit.device !== 'web' || visit.bot) return { url: `${site}${path}` };
  if (!visit.first) return { url: `${site}${path}`, referrer: `${site}/` };
  const [, referrer, query] = shareOf(roads, visit.sessionId, 5);
  return { url: `${site}${path}${query}`, ...(referrer !== undefined && { referrer }) };
}

/** Makes what the collector adds. Clients and roads are few: each is read once. */
export function createEnriched(): (agent: string, platform: Device, page: EventPage) => Enriched {
  const known = new Map<string, Enriched>();
  return (agent, platform, { url = '', referrer = '' }) => {
    const query = url.indexOf('?');
    const key = `${platform}\n${agent}\n${referrer}\n${query < 0 ? '' : url.slice(query)}`;
    let enriched = known.get(key);
    if (enriched === undefined) {
      const campaign = campaignOf(url);
      const hosts = { page: hostOf(url), referrer: hostOf(referrer) };
      enriched = {
        client: clientOf(agent, undefined, platform),
        ...(campaign !== undefined && { campaign }),
        referrer: referrerOf(hosts, campaign),
        enriched_by: `rules ${rulesVersion}`,
      };
      if (known.size < knownMax) known.set(key, enriched);
    }
    return enriched;
  };
}

const knownMax = 1000;

/** One of the shares, by a text alone: no draw is made, so that the store of a seed stays what it was. */
function shareOf<T extends readonly [number, ...unknown[]]>(
  shares: readonly T[],
  text: string,
  salt: number,
): T {
  let hash = 0;
  for (let place = 0; place < text.length; place++) hash = (Math.imul(hash, 31) + text.charCodeAt(place)) | 0;
  let left = unitHash(hash, salt) * 100;
  const found = shares.find(([share]) => (left -= share) < 0) ?? shares.at(-1);
  if (found === undefined) throw new RangeError('there is nothing to choose from');
  return found;
}
