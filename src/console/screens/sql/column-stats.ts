/** What a column of a result holds, at a glance. */
export interface ColumnStats {
  readonly nulls: number;
  readonly distinct: number;
  readonly numeric: boolean;
  /** The least and the greatest value, as they are; undefined without any, and for texts. */
  readonly range: readonly [string, string] | undefined;
  /** Heights of a tiny histogram, 0 to 1: ranges of numbers and instants, or the commonest texts. */
  readonly bins: readonly number[];
}

const binsMax = 10;
const numberTypes = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|DECIMAL)/;
const instantTypes = /^(DATE|TIMESTAMP)/;

/** Whether a column of this type holds numbers. */
export function isNumberType(type: string): boolean {
  return numberTypes.test(type) && !type.endsWith('[]');
}

/** Looks through a column. */
export function statsOf(values: readonly unknown[], type: string): ColumnStats {
  const known = values.filter((value) => value !== null);
  const numeric = isNumberType(type);
  const counts = new Map<string, number>();
  for (const value of known) {
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const common = { nulls: values.length - known.length, distinct: counts.size, numeric };
  if (!numeric && !instantTypes.test(type))
    return { ...common, range: undefined, bins: heights([...counts.values()].toSorted((a, b) => b - a)) };
  const amounts = known.map((value) => (numeric ? Number(value) : Date.parse(String(value))));
  let [least, greatest] = [0, 0];
  for (const [index, amount] of amounts.entries()) {
    if (amount < (amounts[least] ?? Infinity)) least = index;
    if (amount > (amounts[greatest] ?? -Infinity)) greatest = index;
  }
  const [low, high] = [amounts[least] ?? 0, amounts[greatest] ?? 0];
  const bins = Array.from({ length: Math.min(binsMax, Math.max(1, counts.size)) }, () => 0);
  for (const amount of amounts) {
    const place = high === low ? 0 : Math.floor(((amount - low) / (high - low)) * bins.length);
    const bin = Math.min(bins.length - 1, place);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  const range = known.length === 0 ? undefined : ([String(known[least]), String(known[greatest])] as const);
  return { ...common, range, bins: known.length === 0 ? [] : heights(bins) };
}

function heights(counts: readonly number[]): readonly number[] {
  const shown = counts.slice(0, binsMax);
  const most = Math.max(...shown);
  return shown.map((count) => count / most);
}
