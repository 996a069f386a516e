/** Where a visit came from, as far as the address of its first page says. */
export type Campaign = Readonly<Record<string, string>>;

/** Of ad networks: those of src/event/enrich/campaign.ts without what links carry that nobody paid for; a test compares them. */
const clickId =
  /^(?!ys)(\w*cl(ick_?|k)?id|[gw]braid|(rdt_c|scc|li_fat_)id|na(pm|cn)|n_(media|ad)|cto_pld|tblci|dicbo)$/i;
const valueLengthMax = 200;

/** The campaign that an address names: `utm_*` without their beginning, and the click ids of ad networks; undefined without any. */
export function campaignOf(search: string): Campaign | undefined {
  let found: Record<string, string> | undefined;
  new URLSearchParams(search).forEach((value, name) => {
    const short = name.startsWith('utm_') ? name.slice(4) : clickId.test(name) ? name : '';
    if (short && value) found = { ...found, [short]: value.slice(0, valueLengthMax) };
  });
  return found;
}
