/** What brought the reader, as the page's address says. */
export interface EventCampaign {
  readonly source?: string;
  readonly medium?: string;
  readonly name?: string;
  readonly term?: string;
  readonly content?: string;
  readonly id?: string;
  /** The click's id at the ad network; personal. */
  readonly click_id?: string;
  /** The parameter it came in, e.g. `gclid`. */
  readonly click_id_name?: string;
  /** The ad network of the click. */
  readonly network?: string;
}

/** Click ids by parameter, and whose they are. */
export const clickIds: ReadonlyMap<string, string> = new Map([
  ['gclid', 'google'],
  ['wbraid', 'google'],
  ['gbraid', 'google'],
  ['dclid', 'google'],
  ['gclsrc', 'google'],
  ['fbclid', 'meta'],
  ['msclkid', 'microsoft'],
  ['ttclid', 'tiktok'],
  ['twclid', 'x'],
  ['li_fat_id', 'linkedin'],
  ['sccid', 'snapchat'],
  ['rdt_cid', 'reddit'],
  ['epik', 'pinterest'],
  ['yclid', 'yandex'],
  // Naver search ads, Naver GFA and Kakao Moment.
  ['napm', 'naver'],
  ['n_media', 'naver'],
  ['n_ad', 'naver'],
  ['nacn', 'naver'],
  ['gfa_clid', 'naver'],
  ['kclid', 'kakao'],
  ['kakao_click_id', 'kakao'],
  ['dmc_click_id', 'kakao'],
  ['cto_pld', 'criteo'],
  ['irclickid', 'impact'],
]);

/** Ids that say that somebody clicked, not that the click was paid for: Meta puts its own on every link. */
const unpaid = new Set(['fbclid', 'epik', 'gclsrc']);

const parts = {
  utm_source: 'source',
  utm_medium: 'medium',
  utm_campaign: 'name',
  utm_term: 'term',
  utm_content: 'content',
  utm_id: 'id',
} as const;

const lettersMax = 500;
const any =
  /[?&#;](?:utm_|[a-z_]*cl(?:c|k)?id|[gw]braid|li_fat_id|rdt_cid|epik|napm|n_media|n_ad|nacn|kakao_click_id|dmc_click_id|gclsrc|cto_pld|irclickid)/i;

/** Whether an address may have a campaign: a quick look, for most have none. */
export function mayHaveCampaign(url: string): boolean {
  return (url.includes('?') || url.includes('#')) && any.test(url);
}

/** The campaign of a page's address; undefined without one. Naver's search ads say theirs in `n_query`, `n_rank` and others. */
export function campaignOf(url: string): EventCampaign | undefined {
  if (!mayHaveCampaign(url)) return undefined;
  const campaign: { -readonly [K in keyof EventCampaign]: EventCampaign[K] } = {};
  const start = url.indexOf('?');
  const parameters = new URLSearchParams(
    url.slice(start < 0 ? url.indexOf('#') + 1 : start + 1).replaceAll('#', '&'),
  );
  let naverQuery: string | undefined;
  for (const [key, value] of parameters) {
    const name = key.toLowerCase();
    const part = parts[name as keyof typeof parts];
    const text = value.trim().slice(0, lettersMax).toWellFormed();
    if (text === '') continue;
    if (part !== undefined) campaign[part] ??= text;
    else if (name === 'n_query') naverQuery = text;
    else if (
      clickIds.has(name) &&
      (campaign.click_id_name === undefined || unpaid.has(campaign.click_id_name))
    ) {
      campaign.click_id = text;
      campaign.click_id_name = name;
      campaign.network = clickIds.get(name) ?? '';
    }
  }
  if (campaign.network === 'naver' && naverQuery !== undefined) campaign.term ??= naverQuery;
  return Object.keys(campaign).length === 0 ? undefined : campaign;
}

const paidMediums =
  /^(?:cpc|ppc|cpm|cpv|cpa|cpp|paid.*|.*[-_ ]paid|display|banner|retargeting|sem|sa|da|(?:search|display|shopping)[-_ ]?ads?|ads?|affiliates?)$/i;
const mailMediums = /^(?:e-?mail|newsletter|mail(?:ing)?|edm)$/i;
const socialMediums = /^(?:social(?:[-_ ]?(?:media|network))?|sns|sm)$/i;

/** What kind of road the campaign itself names. */
export function campaignClass(campaign: EventCampaign): 'paid' | 'mail' | 'social' | undefined {
  const { click_id_name: clickId, medium = '' } = campaign;
  if (clickId !== undefined && !unpaid.has(clickId)) return 'paid';
  if (paidMediums.test(medium)) return 'paid';
  if (mailMediums.test(medium)) return 'mail';
  return socialMediums.test(medium) ? 'social' : undefined;
}
