import type { Edition } from './store-port.ts';

/** A row of `editions`, as `editionColumns` selects it. */
export interface EditionRow extends Omit<Edition, 'inputs' | 'counts'> {
  readonly edition_no: number;
  readonly inputs: string;
  readonly counts: string;
}

/** The columns of an edition, for a select. */
export const editionColumns = [
  'edition_no, id, editions.kind, editions.name, editions.business_day, revision, inputs',
  'rule_version, code_version, content_hash, created_at, counts',
].join(', ');

/** The edition in a row. */
export function toEdition(row: EditionRow): Edition {
  const { edition_no: _left, ...rest } = row;
  return {
    ...rest,
    inputs: JSON.parse(row.inputs) as Edition['inputs'],
    counts: JSON.parse(row.counts) as Edition['counts'],
  };
}
