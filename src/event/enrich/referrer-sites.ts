import { mailSources, referrerTable, sourceTable } from './referrer-table.ts';

/** Where readers come from. */
export const referrerClasses = [
  'internal',
  'direct',
  'search',
  'social',
  'mail',
  'paid',
  'assistant',
  'other',
] as const;
export type ReferrerClass = (typeof referrerClasses)[number];

/** A site that sends readers. */
export interface ReferrerSite {
  readonly name: string;
  /** `internal` for a place to sign in or to pay, which a visit only passes through. */
  readonly class: ReferrerClass;
}

interface Sites {
  /** Hosts without those below them. */
  readonly exact: ReadonlyMap<string, ReferrerSite>;
  readonly below: ReadonlyMap<string, ReferrerSite>;
  /** By the name in small letters, without what stands between its words. */
  readonly named: ReadonlyMap<string, ReferrerSite>;
}

const sites = readTables();

/** The known site that a host belongs to: the host itself, else the longest host of the table that it ends with. */
export function siteOf(host: string): ReferrerSite | undefined {
  const own = sites.exact.get(host) ?? sites.exact.get(anyEnding(host));
  if (own !== undefined) return own;
  for (let at = 0; at >= 0;) {
    const rest = at === 0 ? host : host.slice(at);
    const found = sites.below.get(rest) ?? sites.below.get(anyEnding(rest));
    if (found !== undefined) return found;
    const dot = host.indexOf('.', at);
    at = dot < 0 ? -1 : dot + 1;
  }
  return undefined;
}

/** The site that a campaign's source means: a host (`chatgpt.com`), a name (`naver`, `ig`) or one with more behind it (`facebook_feed`). */
export function siteOfSource(source: string): ReferrerSite | undefined {
  const text = source.trim().toLowerCase();
  const known =
    (text.includes('.') ? siteOf(text.replace(/^www\./, '')) : undefined) ?? sites.named.get(plain(text));
  if (known !== undefined) return known.name === '' ? { ...known, name: source } : known;
  const [first = ''] = text.split(/[\s_.:/-]/, 1);
  const begun = first.length < nameLettersMin ? undefined : sites.named.get(first);
  return begun?.name === '' ? { ...begun, name: source } : begun;
}

/** Shorter words begin too many others. */
const nameLettersMin = 5;

function readTables(): Sites {
  const exact = new Map<string, ReferrerSite>();
  const below = new Map<string, ReferrerSite>();
  const named = new Map<string, ReferrerSite>();
  for (const [kind, lines] of Object.entries(referrerTable)) {
    for (const line of lines) {
      const [name, hosts] = entry(line);
      const site: ReferrerSite = { name, class: kind as ReferrerClass };
      for (const host of hosts) {
        if (host.startsWith('=')) exact.set(host.slice(1), site);
        else below.set(host, site);
      }
      // A portal's name means its search, which stands first.
      if (kind !== 'internal' && !named.has(plain(name))) named.set(plain(name), site);
    }
  }
  for (const line of sourceTable) {
    const [name, words] = entry(line);
    const site = named.get(plain(name));
    if (site !== undefined) for (const word of words) named.set(word, site);
  }
  for (const word of mailSources) named.set(word, { name: '', class: 'mail' });
  return { exact, below, named };
}

function entry(line: string): readonly [string, readonly string[]] {
  const at = line.indexOf(': ');
  return [line.slice(0, at), line.slice(at + 2).split(' ')];
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_.:-]/g, '');
}

/** `google.co.kr` as `google.*`: a country's ending, with `co` or `com` before it or not, `com` or `cat`. */
function anyEnding(host: string): string {
  return host.replace(/\.(?:com?\.[a-z]{2}|[a-z]{2}|com|cat)$/, '.*');
}
