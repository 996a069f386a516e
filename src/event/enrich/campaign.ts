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
  ['ysclid', 'yandex'],
  ['tblci', 'taboola'],
  ['dicbo', 'outbrain'],
  ['qclid', 'quora'],
  // Of links that readers share, and of Google's free listings.
  ['igsh', 'instagram'],
  ['igshid', 'instagram'],
  ['mibextid', 'meta'],
  ['srsltid', 'google'],
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
const unpaid = new Set(['fbclid', 'epik', 'ysclid', 'srsltid', 'igsh', 'igshid', 'mibextid']);
/** Ids beside which another one is the click's own. */
export const weakClickIds: ReadonlySet<string> = new Set([...unpaid, 'gclsrc']);

const parts: ReadonlyMap<string, 'source' | 'medium' | 'name' | 'term' | 'content' | 'id'> = new Map([
  ['utm_source', 'source'],
  ['utm_medium', 'medium'],
  ['utm_campaign', 'name'],
  ['utm_term', 'term'],
  ['utm_content', 'content'],
  ['utm_id', 'id'],
]);

const lettersMax = 500;
/** The same names that are read below; a `?` written as `&amp;` in a mail's HTML ends in `;`. */
const any = new RegExp(`[?&#;](?:${[...parts.keys(), ...clickIds.keys()].join('|')})=`, 'i');

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
    const name = key.toLowerCase().replace(/^amp;/, '');
    const part = parts.get(name);
    const text = value.trim().slice(0, lettersMax).toWellFormed();
    if (text === '') continue;
    if (part !== undefined) campaign[part] ??= text;
    else if (name === 'n_query') naverQuery = text;
    else if (
      clickIds.has(name) &&
      (campaign.click_id_name === undefined || weakClickIds.has(campaign.click_id_name))
    ) {
      campaign.click_id = text;
      campaign.click_id_name = name;
      campaign.network = clickIds.get(name) ?? '';
    }
  }
  if (campaign.network === 'naver' && naverQuery !== undefined) campaign.term ??= naverQuery;
  return Object.keys(campaign).length === 0 ? undefined : campaign;
}

const paidMediums = new RegExp(
  `^(?:.*[-_ ])?(?:cp[acilmpsv]|ppc|paid.*|${'display banner interstitial retargeting remarketing sem sa da gdn gfa ads? affiliates?'
    .split(' ')
    .join('|')})$|^(?:cp[acilmpsv]|ppc)[-_ ]`,
  'i',
);
const koreanPaidMediums =
  /^(?:(?:search|display|shopping)ads?|powerlink|brand[-_ ]?search|bizboard|파워링크|브랜드검색|비즈보드|배너|.*광고)$/i;
const mailMediums = /^(?:e[-_ ]?mail|newsletter|mail(?:ing)?|edm|뉴스레터|메일|이메일)$/i;
const socialMediums = /^(?:(?:organic[-_ ])?social(?:[-_ ]?(?:media|network|organic))?|sns|sm|messenger)$/i;
const searchMediums = /^(?:organic(?:[-_ ]search)?|seo)$/i;
const assistantMediums = /^(?:ai|llm|(?:ai[-_ ])?(?:assistant|chatbot|chat))$/i;

/** What kind of road the campaign itself names, by its click id and its medium as GA4's default channels read them. */
export function campaignClass(
  campaign: EventCampaign,
): 'paid' | 'mail' | 'social' | 'search' | 'assistant' | undefined {
  const { click_id_name: clickId, medium = '' } = campaign;
  if (clickId !== undefined && !unpaid.has(clickId)) return 'paid';
  if (paidMediums.test(medium) || koreanPaidMediums.test(medium)) return 'paid';
  if (mailMediums.test(medium)) return 'mail';
  if (socialMediums.test(medium)) return 'social';
  if (searchMediums.test(medium)) return 'search';
  return assistantMediums.test(medium) ? 'assistant' : undefined;
}
