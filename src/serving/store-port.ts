import type { BusinessDay } from '../base/index.ts';

/** What an edition is of. */
export const editionKinds = ['bestseller', 'recommend', 'statistic'] as const;
export type EditionKind = (typeof editionKinds)[number];

/** One immutable output of a list, a recommender or a statistic for one business day. */
export interface Edition {
  /** UUID version 7. */
  readonly id: string;
  readonly kind: EditionKind;
  /** The list's, recommender's or statistic's name. */
  readonly name: string;
  readonly business_day: BusinessDay;
  /** 1 for the first edition of a day, counted up by every republication. */
  readonly revision: number;
  /** Snapshot ids (decimal text) of every input table, by `namespace.name`. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Hash of the declaration (rules) that it was made by. */
  readonly rule_version: string;
  readonly code_version: string;
  /** SHA-256 of all parts in canonical form: same inputs and rules, same hash. */
  readonly content_hash: string;
  readonly created_at: string;
  /** Numbers worth showing beside it: entries, parts, titles counted. */
  readonly counts: Readonly<Record<string, number>>;
}

/** One row of a part: a list's entry, a recommended title, a metric's value. `key` is unique within the part. */
export interface EditionEntry {
  readonly key: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A named slice of an edition (a category, a reader, a metric), in order. */
export interface EditionPart {
  readonly part: string;
  readonly entries: readonly EditionEntry[];
}

/** A day and the id of its current edition. */
export interface EditionDay {
  readonly business_day: BusinessDay;
  readonly id: string;
}

/** What a producer hands over; the store gives it id, revision and hash. */
export interface EditionDraft {
  readonly kind: EditionKind;
  readonly name: string;
  readonly business_day: BusinessDay;
  readonly inputs: Readonly<Record<string, string>>;
  readonly rule_version: string;
  readonly code_version: string;
  readonly counts: Readonly<Record<string, number>>;
  /** Taken one at a time, so that an edition may be larger than memory. */
  readonly parts: AsyncIterable<EditionPart> | Iterable<EditionPart>;
  /** The lease's fencing token; a smaller one than the last published with is refused (`fenced`). */
  readonly token: number;
}

/**
 * Keeps editions and says which is current. Every backend passes `store.contract.ts`.
 * An edition becomes visible by one atomic pointer move after all of its parts are stored; a
 * publication that was cut off leaves nothing visible and is swept later.
 * Errors: `edition_not_found`, `fenced`, `storage_full`.
 */
export interface ServingStore {
  /** Stores and publishes; with equal inputs, rules and content as the day's current edition it returns that one. */
  publish(draft: EditionDraft): Promise<Edition>;
  /** The current edition of a day, or of the newest day when none is given; undefined when there is none. */
  current(kind: EditionKind, name: string, day?: BusinessDay): Promise<Edition | undefined>;
  edition(id: string): Promise<Edition | undefined>;
  /** Newest first. */
  history(
    kind: EditionKind,
    name: string,
    options: { readonly limit: number; readonly before?: string },
  ): Promise<readonly Edition[]>;
  /** Names that have an edition of this kind. */
  names(kind: EditionKind): Promise<readonly string[]>;
  /** The parts of an edition, by name, in order. */
  parts(editionId: string): Promise<readonly string[]>;
  /** Entries `from` (0-based) on; undefined when the edition has no such part. */
  read(
    editionId: string,
    part: string,
    page: { readonly from: number; readonly limit: number },
  ): Promise<{ readonly entries: readonly EditionEntry[]; readonly total: number } | undefined>;
  /** The days that have a current edition, oldest first, with its id: where a series is read from. */
  days(kind: EditionKind, name: string): Promise<readonly EditionDay[]>;
  /** All entries of one part of many editions; an edition without the part is left out. */
  readAcross(
    editionIds: readonly string[],
    part: string,
  ): Promise<ReadonlyMap<string, readonly EditionEntry[]>>;
  /** One entry with its 0-based position. */
  entry(
    editionId: string,
    part: string,
    key: string,
  ): Promise<{ readonly entry: EditionEntry; readonly position: number } | undefined>;
  /** Moves the pointer of a day back to an earlier revision. */
  rollback(editionId: string, token: number): Promise<Edition>;
  /** Every snapshot that a kept edition cites, by table: what must not expire. */
  citedSnapshots(): Promise<Readonly<Record<string, readonly string[]>>>;
  /** Removes old editions beyond the newest `keep` of each kind and name, and unfinished publications. */
  sweep(options: { readonly keep: number }): Promise<{ readonly removed: number }>;
  close(): Promise<void>;
}
