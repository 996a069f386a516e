import type { DeclaredColumn } from '../write-columns.ts';
import type { StagedRows } from './stage-rows.ts';

/**
 * What a read of a table brought: `afterSeal` rows changed in a sealed day, which stays as it is; `compared` rows of the
 * raw table stood in the files that were held against.
 */
export type ApplyCounts = Readonly<
  Record<'added' | 'changed' | 'deleted' | 'afterSeal' | 'compared', number>
>;

/** Rows of `incoming` that are to become a raw table's. */
export interface RowsToApply {
  readonly target: string;
  /** The columns of `incoming`. */
  readonly columns: readonly DeclaredColumn[];
  /** Columns that identify a row; empty when nothing does. */
  readonly key: readonly string[];
  /** The source itself keeps the key unique, so that it need not be looked at. */
  readonly keyIsPrimary: boolean;
  /** Column with the instant that decides the business day. */
  readonly time: string | undefined;
  /**
   * `whole`: the table holds these rows and no others. `part`: these rows are as they are now, those whose keys stand
   * in the table `gone` are no more. `after`: rows without a key, of which those that are there already are left out.
   */
  readonly extent:
    | { readonly kind: 'whole' }
    | { readonly kind: 'part'; readonly withGone: boolean }
    | { readonly kind: 'after'; readonly cursor: string };
  /** Where the rows are data files already. */
  readonly stored?: StagedRows['stored'];
  readonly properties: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
}
