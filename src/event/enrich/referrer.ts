import { campaignClass, type EventCampaign } from './campaign.ts';
import { siteOf, siteOfSource, type ReferrerClass } from './referrer-sites.ts';

/** How the reader came to the page. */
export interface EventReferrer {
  readonly class: ReferrerClass;
  /** The site, e.g. `Naver`, else the referrer's host. */
  readonly name?: string;
}

/** The host of an address in small letters, without `www.` and port; undefined for none. */
export function hostOf(url: string): string | undefined {
  const slashes = url.indexOf('//');
  if (slashes < 0) return undefined;
  const start = slashes + 2;
  let end = start;
  for (; end < url.length; end++) {
    const code = url.charCodeAt(end);
    // `/`, `?`, `#` and `\` end it.
    if (code === 47 || code === 63 || code === 35 || code === 92) break;
  }
  const authority = url.slice(
    url.lastIndexOf('@', end - 1) >= start ? url.lastIndexOf('@', end - 1) + 1 : start,
    end,
  );
  const host = authority
    .replace(/:\d*$/, '')
    .toLowerCase()
    .replace(/^www\./, '')
    .replace(/\.$/, '');
  return host === '' || host.length > 253 ? undefined : host;
}

/** How many last parts of two hosts must be the same for one store: three where the ending is like `co.kr`. */
function storeOf(host: string): string {
  if (/^[\d.]+$/.test(host) || host.startsWith('[')) return host;
  const parts = host.split('.');
  const kept = /\.(?:com?|or|ne|go|ac|re|pe|org|net|gov|edu)\.[a-z]{2}$/.test(host) ? 3 : 2;
  return parts.slice(-kept).join('.');
}

/**
 * The road of a page's event. A paid click and what the campaign says come first, for a mail's link and an ad in a
 * search page have the same referrer as others; then the referrer's site, when it is a known one; then the site that the
 * campaign's source or click id means; without any of them it is direct. Who comes back from where readers sign in or pay
 * is internal, as from the store's own hosts.
 *
 * @param hosts - of the page, and of the one before it
 * @param internalHosts - other hosts of the store, e.g. the one where it is paid
 */
export function referrerOf(
  hosts: { readonly page?: string | undefined; readonly referrer: string | undefined },
  campaign: EventCampaign | undefined,
  internalHosts: ReadonlySet<string> = none,
): EventReferrer {
  const { page, referrer } = hosts;
  const site = referrer === undefined ? undefined : siteOf(referrer);
  const name = site?.name ?? referrer;
  if (referrer !== undefined && name !== undefined) {
    const own =
      internalHosts.has(referrer) || (page !== undefined && isSameStore(referrer, page, site !== undefined));
    // A link that was followed by way of a sign-in still has its campaign.
    if (own || (site?.class === 'internal' && campaign === undefined)) return { class: 'internal', name };
  }
  const known = site?.class === 'internal' ? undefined : site;
  const before = site?.class === 'internal' ? undefined : name;
  if (campaign === undefined) {
    return before === undefined ? { class: 'direct' } : { class: known?.class ?? 'other', name: before };
  }
  const source = campaign.source ?? campaign.network;
  const meant = source === undefined ? undefined : siteOfSource(source);
  const from = known?.name ?? meant?.name ?? before ?? source;
  const kind = campaignClass(campaign) ?? known?.class ?? meant?.class;
  if (from === undefined) return { class: kind ?? 'direct' };
  return { class: kind ?? 'other', name: from };
}

const none: ReadonlySet<string> = new Set();

/** Hosts below one domain are one store, but a blog at a portal is not the portal. */
function isSameStore(host: string, own: string, known: boolean): boolean {
  return host === own || (!known && storeOf(host) === storeOf(own));
}
