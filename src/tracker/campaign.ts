/** Where a visit came from, as far as the address of its first page says. */
export type Campaign = Readonly<Record<string, string>>;

const clickIds = 'gclid gbraid wbraid dclid fbclid ttclid msclkid twclid li_fat_id NaPm'.split(' ');
const valueLengthMax = 200;

/** The campaign that an address names: `utm_*` without their beginning, and the click ids of ad networks; undefined without any. */
export function campaignOf(search: string): Campaign | undefined {
  let found: Record<string, string> | undefined;
  new URLSearchParams(search).forEach((value, name) => {
    const short = name.startsWith('utm_') ? name.slice(4) : clickIds.includes(name) ? name : '';
    if (short && value) found = { ...found, [short]: value.slice(0, valueLengthMax) };
  });
  return found;
}
