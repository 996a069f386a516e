import type { IncomingHttpHeaders } from 'node:http';
import { OctavoError } from '../base/index.ts';
import {
  clientAddress,
  clockShiftMs,
  clockToleranceMsDefault,
  correctedTime,
  countryCode,
  createEnricher,
  isFromProxy,
  isProxyEntry,
  proxyList,
  receiptText,
  rulesVersion,
  statedOf,
  storedIp,
  type ClientHints,
  type EventFacts,
  type EventInput,
  type IpMode,
  type Receipt,
  type StatedReceipt,
} from '../event/index.ts';
import type { CountryDatabase } from './country-database.ts';

/** What is added to events, and what is kept of addresses. */
export interface EnrichmentOptions {
  /** Default `truncate`: /24 of IPv4, /48 of IPv6. */
  readonly ip?: IpMode;
  /** Proxies whose headers are believed: addresses, networks, `loopback`, `private`. Default none. */
  readonly trustedProxies?: readonly string[];
  /** The header in which a proxy tells the country, e.g. `cf-ipcountry`; believed from trusted proxies, or from all where none is named. */
  readonly countryHeader?: string | undefined;
  /** Where no header tells the country. */
  readonly countries?: CountryDatabase | undefined;
  /** The store's other hosts: a reader who comes from there is no new visitor. */
  readonly internalHosts?: readonly string[];
  /** A client's clock that is off by more is corrected. Default 60,000. */
  readonly clockToleranceMs?: number;
}

/** Where an address is. */
export interface Place {
  readonly ip?: string;
  readonly country?: string;
}

/** What is added to the events of one request. */
export interface RequestEnrichment {
  /** When it happened by the collector's clock where the client's is off; undefined where nothing is to be corrected. */
  corrected(occurredAt: string): string | undefined;
  /** The event with its time by the collector's clock where the client's is off; else the same. */
  timed(event: EventInput): EventInput;
  /** What is appended to the event's JSON in place of its last bracket. */
  ending(event: EventFacts, stated?: StatedReceipt): string;
}

/** Adds to events what their requests say. */
export interface Enrichment {
  /** Where an address is, and what of it is stored. */
  placeOf(address: string | undefined): Place;
  receiptOf(request: RequestFacts, source: string, nowMs: number): Receipt;
  begin(receipt: Receipt, hints: ClientHints | undefined): RequestEnrichment;
}

/** What a request says beside its body. */
export interface RequestFacts {
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** Makes an enrichment. Errors: `config_invalid` for a proxy that is no address. */
export function createEnrichment(options: EnrichmentOptions = {}): Enrichment {
  const { ip: mode = 'truncate', trustedProxies = [], countries, clockToleranceMs } = options;
  const wrong = trustedProxies.find((entry) => !isProxyEntry(entry));
  if (wrong !== undefined) {
    const about = 'is no address, no network such as 10.0.0.0/8, and neither loopback nor private';
    throw new OctavoError('config_invalid', `collect.enrich.trustedProxies: '${wrong}' ${about}`);
  }
  const proxies = trustedProxies.length === 0 ? undefined : proxyList(trustedProxies);
  const header = options.countryHeader?.toLowerCase();
  const enricher = createEnricher({ internalHosts: options.internalHosts ?? [] });
  const placeOf = (address: string | undefined, told?: string): Place => {
    const ip = storedIp(address, mode);
    const country = told ?? (address === undefined ? undefined : countries?.lookup(address));
    return { ...(ip === undefined ? {} : { ip }), ...(country === undefined ? {} : { country }) };
  };
  return {
    placeOf,
    receiptOf: ({ headers, socket }, source, nowMs) => {
      const agent = headers['user-agent'];
      const address = clientAddress(socket.remoteAddress, headers, proxies);
      // Through a trusted proxy, or where whoever runs the store trusts every road to it.
      const told =
        header !== undefined && (proxies === undefined || isFromProxy(socket.remoteAddress, proxies));
      const country = told ? countryCode(headers[header]) : undefined;
      return {
        received_at: new Date(nowMs).toISOString(),
        source,
        ...(agent === undefined ? {} : { user_agent: agent.slice(0, agentLettersMax) }),
        ...placeOf(address, country),
      };
    },
    begin: (receipt, hints) => {
      const received = Date.parse(receipt.received_at);
      const shiftMs = clockShiftMs(received, receipt.sent_at, clockToleranceMs ?? clockToleranceMsDefault);
      const by = { enriched_by: versionText(countries) };
      const ownEnd = receiptText({ ...receipt, ...by });
      // Most events of a request are of one platform: their client is written once.
      let last: { readonly platform: string | undefined; readonly text: string } | undefined;
      const ownClient = (platform: string | undefined): string => {
        if (last === undefined || last.platform !== platform)
          last = { platform, text: enricher.clientText(receipt.user_agent, hints, platform) + ownEnd };
        return last.text;
      };
      // And of one page: what they end with is put together once.
      let before:
        | { readonly page: EventFacts['page']; readonly platform: string | undefined; readonly text: string }
        | undefined;
      const plainEnding = ({ page, app }: EventFacts): string => {
        const platform = app?.platform;
        const same = before?.platform === platform && before?.page?.url === page?.url;
        if (before === undefined || !same || before.page?.referrer !== page?.referrer)
          before = { page, platform, text: enricher.pageText({ page }) + ownClient(platform) };
        return before.text;
      };
      const corrected = (occurredAt: string): string | undefined => correctedTime(occurredAt, shiftMs);
      return {
        corrected,
        timed: (event) => {
          const time = corrected(event.occurred_at);
          if (time === undefined) return event;
          return { ...event, occurred_at: time, device_occurred_at: event.occurred_at } as EventInput;
        },
        ending: (event, stated) => {
          const said = statedOf(event.properties);
          if (stated === undefined && said === undefined) return plainEnding(event);
          const page = enricher.pageText(event, said);
          if (stated === undefined && said?.client === undefined && said?.hints === undefined)
            return page + ownClient(event.app?.platform);
          const own = stated?.receipt ?? receipt;
          const end = receiptText({ ...own, ...by });
          // That a server knows no user agent of the device does not make a robot of it.
          if (stated?.isUnnamed === true && said?.client === undefined)
            return page + enricher.platformText(event.app?.platform) + end;
          // Hints are the browser's own; who sends for another device says its user agent.
          const its = said?.hints ?? (own.user_agent === receipt.user_agent ? hints : undefined);
          const client = enricher.clientText(own.user_agent, its, event.app?.platform, said?.client);
          return page + client + end;
        },
      };
    },
  };
}

const agentLettersMax = 1000;

function versionText(countries: CountryDatabase | undefined): string {
  return countries === undefined ? `rules ${rulesVersion}` : `rules ${rulesVersion}, ${countries.version()}`;
}
