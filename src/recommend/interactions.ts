import { OctavoError } from '../base/index.ts';
import { type SparseMatrix, sharedFloat32, sharedInt32 } from './sparse.ts';

/** How one kind of interaction counts. */
export interface KindRule {
  /** What the interaction says of the reader's taste; 0: the title is known, but says nothing. */
  readonly weight: number;
  /** Values below say nothing (weight 0). */
  readonly from?: number;
  /** Values below mean that the reader did not like the title: it gives no signal, whatever else speaks for it. */
  readonly dislikedBelow?: number;
}

/** How interactions become weights. */
export interface InteractionRules {
  /** Kinds that are not named here are left out. */
  readonly kinds: Readonly<Record<string, KindRule>>;
  /** A weight halves with every such number of days; 0: it does not age. */
  readonly halfLifeDays: number;
  /** The newest titles of a reader that give signal; older ones are only known. Bounds the work that one account can cause. */
  readonly perReaderMax: number;
}

/** Counts purchases fully, reading and ratings half; a rating below 3 of 5 silences the title. */
export const defaultInteractionRules: InteractionRules = {
  kinds: {
    purchase: { weight: 1 },
    rental: { weight: 0.7 },
    subscription: { weight: 0.7 },
    reading: { weight: 0.5 },
    finish: { weight: 0.7 },
    rating: { weight: 0.7, from: 3, dislikedBelow: 3 },
  },
  halfLifeDays: 0,
  perReaderMax: 500,
};

/** Interactions as they are read: one position of every column is one interaction. */
export interface InteractionColumns {
  readonly reader: readonly (string | null)[];
  readonly item: readonly (string | null)[];
  readonly kind: readonly (string | null)[];
  readonly value: ArrayLike<number>;
  /** Day number (days since 1970-01-01). */
  readonly day: ArrayLike<number>;
  /** Orders interactions of one day; any ascending number. */
  readonly at: ArrayLike<number>;
}

/** Interactions with numbers in place of ids, sorted by reader, item and time. */
export interface InteractionLog {
  /** Ids by number, ascending by code unit. */
  readonly readers: readonly string[];
  readonly items: readonly string[];
  readonly kinds: readonly string[];
  readonly reader: Int32Array;
  readonly item: Int32Array;
  readonly kind: Uint8Array;
  readonly value: Float64Array;
  readonly day: Int32Array;
  /** Interactions that lacked a reader, a title or a kind. */
  readonly incompleteCount: number;
}

/** What is known of every reader, by the rules. */
export interface ReaderHistory {
  /** Every title that the reader has; value 0 where it gives no signal. */
  readonly known: SparseMatrix;
  /** Day number of the latest interaction, for every entry of `known`. */
  readonly days: Int32Array;
  /** Only what gives signal. */
  readonly signal: SparseMatrix;
}

/**
 * Gives ids numbers and sorts. The result depends only on which interactions there are, not on their order.
 * @param extraItems - titles that shall have a number although nobody has them yet
 */
export function buildLog(columns: InteractionColumns, extraItems: Iterable<string> = []): InteractionLog {
  const count = columns.reader.length;
  const complete: number[] = [];
  for (let at = 0; at < count; at++) {
    if (columns.reader[at] !== null && columns.item[at] !== null && columns.kind[at] !== null)
      complete.push(at);
  }
  const readers = dictionary(columns.reader);
  const items = dictionary(columns.item, extraItems);
  const kinds = dictionary(columns.kind);
  if (kinds.ids.length > kindsMax)
    throw new OctavoError(
      'recommender_invalid',
      `the interactions have ${kinds.ids.length} kinds, at most ${kindsMax} are possible`,
    );
  const reader = Int32Array.from(complete, (at) => readers.numbers.get(columns.reader[at]!)!);
  const item = Int32Array.from(complete, (at) => items.numbers.get(columns.item[at]!)!);
  const kind = Uint8Array.from(complete, (at) => kinds.numbers.get(columns.kind[at]!)!);
  const order = Uint32Array.from(complete.keys()).sort((a, b) => {
    const [first, second] = [complete[a]!, complete[b]!];
    return (
      reader[a]! - reader[b]! ||
      item[a]! - item[b]! ||
      columns.day[first]! - columns.day[second]! ||
      columns.at[first]! - columns.at[second]! ||
      kind[a]! - kind[b]! ||
      columns.value[first]! - columns.value[second]!
    );
  });
  return {
    readers: readers.ids,
    items: items.ids,
    kinds: kinds.ids,
    reader: Int32Array.from(order, (at) => reader[at]!),
    item: Int32Array.from(order, (at) => item[at]!),
    kind: Uint8Array.from(order, (at) => kind[at]!),
    value: Float64Array.from(order, (at) => columns.value[complete[at]!]!),
    day: Int32Array.from(order, (at) => columns.day[complete[at]!]!),
    incompleteCount: count - complete.length,
  };
}

/**
 * Applies the rules to the days `from` to `to` (both included). Of each kind the latest value of a reader and title counts, and
 * of several kinds the heaviest; a dislike silences them all.
 */
export function historyOf(
  log: InteractionLog,
  rules: InteractionRules,
  from: number,
  to: number,
): ReaderHistory {
  const ruleOf = log.kinds.map((kind) => rules.kinds[kind]);
  const starts = sharedInt32(log.readers.length + 1);
  const columns: number[] = [];
  const weights: number[] = [];
  const days: number[] = [];
  const latest = new Float64Array(log.kinds.length);
  let at = 0;
  for (let reader = 0; reader < log.readers.length; reader++) {
    while (at < log.reader.length && log.reader[at] === reader) {
      const item = log.item[at]!;
      let day = -Infinity;
      latest.fill(Number.NaN);
      let known = false;
      for (; at < log.reader.length && log.reader[at] === reader && log.item[at] === item; at++) {
        if (log.day[at]! < from || log.day[at]! > to || ruleOf[log.kind[at]!] === undefined) continue;
        latest[log.kind[at]!] = log.value[at]!;
        known = true;
        day = Math.max(day, log.day[at]!);
      }
      if (!known) continue;
      columns.push(item);
      days.push(day);
      weights.push(
        weigh(latest, ruleOf) * (rules.halfLifeDays > 0 ? 0.5 ** ((to - day) / rules.halfLifeDays) : 1),
      );
    }
    capReader(weights, days, starts[reader]!, rules.perReaderMax);
    starts[reader + 1] = columns.length;
  }
  const shape = { rowCount: log.readers.length, columnCount: log.items.length };
  const known = { ...shape, starts, columns: sharedFrom(columns), values: sharedFloat32(columns.length) };
  known.values.set(weights);
  return { known, days: Int32Array.from(days), signal: onlySignal(known) };
}

const kindsMax = 255;

function weigh(latest: Float64Array, rules: readonly (KindRule | undefined)[]): number {
  let heaviest = 0;
  for (let kind = 0; kind < latest.length; kind++) {
    const rule = rules[kind];
    const value = latest[kind]!;
    if (rule === undefined || Number.isNaN(value)) continue;
    if (rule.dislikedBelow !== undefined && value < rule.dislikedBelow) return 0;
    if (rule.from === undefined || value >= rule.from) heaviest = Math.max(heaviest, rule.weight);
  }
  return heaviest;
}

/** Silences all but the newest entries of the reader that ends the lists. */
function capReader(weights: number[], days: readonly number[], start: number, perReaderMax: number): void {
  if (weights.length - start <= perReaderMax) return;
  const newestFirst = Array.from({ length: weights.length - start }, (_, index) => start + index).sort(
    (a, b) => days[b]! - days[a]! || a - b,
  );
  for (const at of newestFirst.slice(perReaderMax)) weights[at] = 0;
}

function onlySignal(known: SparseMatrix): SparseMatrix {
  const starts = sharedInt32(known.rowCount + 1);
  let count = 0;
  for (let row = 0; row < known.rowCount; row++) {
    for (let at = known.starts[row]!; at < known.starts[row + 1]!; at++) if (known.values[at]! > 0) count++;
    starts[row + 1] = count;
  }
  const columns = sharedInt32(count);
  const values = sharedFloat32(count);
  let target = 0;
  for (let at = 0; at < known.columns.length; at++) {
    if (known.values[at]! <= 0) continue;
    columns[target] = known.columns[at]!;
    values[target++] = known.values[at]!;
  }
  return { ...known, starts, columns, values };
}

function sharedFrom(numbers: readonly number[]): Int32Array {
  const shared = sharedInt32(numbers.length);
  shared.set(numbers);
  return shared;
}

function dictionary(
  column: readonly (string | null)[],
  extra: Iterable<string> = [],
): { readonly ids: readonly string[]; readonly numbers: ReadonlyMap<string, number> } {
  const distinct = new Set<string>(extra);
  for (const id of column) if (id !== null) distinct.add(id);
  const ids = [...distinct].sort((a, b) => (a < b ? -1 : 1));
  return { ids, numbers: new Map(ids.map((id, number) => [id, number])) };
}
