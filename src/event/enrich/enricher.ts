import { createMemo } from '../../base/index.ts';
import type { EventFacts } from '../envelope.ts';
import { campaignOf, mayHaveCampaign } from './campaign.ts';
import type { ClientHints } from './client-hints.ts';
import { clientOf, clientOfPlatform } from './client.ts';
import { hostOf, referrerOf } from './referrer.ts';
import { withStated, type Stated } from './stated.ts';

/** What an enricher knows of the store. */
export interface EnricherOptions {
  /** Hosts that are the store's own beside that of the page, e.g. the one where it is paid. */
  readonly internalHosts?: readonly string[];
  /** User agents, and pairs of hosts, whose result is remembered. Default 20,000. */
  readonly remembered?: number;
}

/** Adds to events what their requests say, as JSON text that is appended to them. What was read once is remembered. */
export interface Enricher {
  /** `,"client":{…}` of a request, with what its event states. */
  clientText(
    userAgent: string | undefined,
    hints?: ClientHints,
    platform?: string,
    stated?: Stated['client'],
  ): string;
  /** `,"client":{…}` of a device of which nothing but the platform is known; '' where that names no device. */
  platformText(platform: string | undefined): string;
  /** `,"campaign":{…},"referrer":{…}` of an event; '' for one that has neither a page nor a stated campaign. */
  pageText(event: Pick<EventFacts, 'page'>, stated?: Stated): string;
}

/** Makes an enricher; its results depend on its arguments alone. */
export function createEnricher({ internalHosts = [], remembered = 20_000 }: EnricherOptions = {}): Enricher {
  const internal = new Set(internalHosts.map((host) => host.toLowerCase().replace(/^www\./, '')));
  const clients = createMemo<string>(remembered);
  const roads = createMemo<string>(remembered);
  // Click ids make most of these new: they must not push out the others.
  const landings = createMemo<string>(Math.ceil(remembered / 10));
  const roadText = (url: string, before: string, stated?: Stated['campaign']): string => {
    const campaign = campaignOf(url) ?? stated;
    const hosts = { page: hostOf(url), referrer: hostOf(before) };
    const road = `,"referrer":${JSON.stringify(referrerOf(hosts, campaign, internal))}`;
    return campaign === undefined ? road : `,"campaign":${JSON.stringify(campaign)}${road}`;
  };
  return {
    clientText: (userAgent, hints, platform, stated) => {
      if (stated !== undefined) {
        // Who states a device speaks for it: its library is no robot.
        const read = userAgent === undefined ? undefined : clientOf(userAgent, hints, platform ?? 'stated');
        return `,"client":${JSON.stringify(withStated(read, stated))}`;
      }
      const agent = userAgent ?? '';
      const key =
        hints === undefined
          ? `${platform ?? ''}\n${agent}`
          : `${platform ?? ''}\n${agent}\n${hintsKey(hints)}`;
      return clients(key, () => `,"client":${JSON.stringify(clientOf(agent, hints, platform))}`);
    },
    platformText: (platform) => {
      const client = clientOfPlatform(platform);
      return client === undefined ? '' : `,"client":${JSON.stringify(client)}`;
    },
    pageText: ({ page }, stated) => {
      if (stated?.campaign !== undefined)
        return roadText(page?.url ?? '', page?.referrer ?? '', stated.campaign);
      if (page?.url === undefined) return '';
      const { url, referrer = '' } = page;
      // The hosts alone decide, and of them what stands before the path is enough to know them again.
      if (!mayHaveCampaign(url))
        return roads(`${originPart(url)} ${originPart(referrer)}`, () => roadText(url, referrer));
      return landings(`${url} ${originPart(referrer)}`, () => roadText(url, referrer));
    },
  };
}

/** The address as far as its host goes; an address without one is nothing. */
function originPart(url: string): string {
  const slashes = url.indexOf('//');
  if (slashes < 0) return '';
  for (let end = slashes + 2; end < url.length; end++) {
    const code = url.charCodeAt(end);
    // `/`, `?`, `#` and `\` end it.
    if (code === 47 || code === 63 || code === 35 || code === 92) return url.slice(0, end);
  }
  return url;
}

function hintsKey(hints: ClientHints): string {
  const { brands, mobile, platform, platformVersion, formFactors, model, touch = '' } = hints;
  return `${touch}\n${brands ?? ''}\n${mobile ?? ''}\n${platform ?? ''}\n${platformVersion ?? ''}\n${formFactors ?? ''}\n${model ?? ''}`;
}
