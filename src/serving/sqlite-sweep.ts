import type { DatabaseSync } from 'node:sqlite';
import { transaction } from '../base/index.ts';

/** Removes publications that stored nothing since the given instant; returns how many. */
export function removeUnfinished(database: DatabaseSync, deadBeforeMs: number): number {
  const dead = database
    .prepare('select edition_no from editions where published = 0 and touched_ms <= ?')
    .all(deadBeforeMs);
  return removeAll(database, dead as unknown as readonly Numbered[]);
}

/**
 * Removes what is beyond the newest `keep` of each kind and name. Of one day, the current revision
 * counts as the newest. The pointer's token stays, so that an old publisher stays fenced.
 */
export function removeOld(database: DatabaseSync, keep: number): number {
  const old = database
    .prepare(
      `select edition_no from (
         select e.edition_no, row_number() over (
           partition by e.kind, e.name
           order by e.business_day desc, p.edition_no is not null desc, e.revision desc
         ) as place
         from editions e left join pointers p using (edition_no) where e.published = 1
       ) where place > ?`,
    )
    .all(keep);
  return removeAll(database, old as unknown as readonly Numbered[]);
}

/** Removes unfinished publications of a day whose token is smaller: they can never be published. */
export function removeOvertaken(
  database: DatabaseSync,
  kind: string,
  name: string,
  day: string,
  token: number,
): void {
  const overtaken = database
    .prepare(
      `select edition_no from editions where kind = ? and name = ? and business_day = ? and published = 0 and token < ?`,
    )
    .all(kind, name, day, token);
  for (const { edition_no } of overtaken as unknown as readonly Numbered[])
    removeEdition(database, edition_no);
}

/** Removes one edition with everything of it; to be called inside a transaction. */
export function removeEdition(database: DatabaseSync, editionNo: number): void {
  database
    .prepare('delete from chunks where part_no in (select part_no from parts where edition_no = ?)')
    .run(editionNo);
  database.prepare('delete from parts where edition_no = ?').run(editionNo);
  database.prepare('update pointers set edition_no = null where edition_no = ?').run(editionNo);
  database.prepare('delete from editions where edition_no = ?').run(editionNo);
}

interface Numbered {
  readonly edition_no: number;
}

function removeAll(database: DatabaseSync, editions: readonly Numbered[]): number {
  for (const { edition_no } of editions) transaction(database, () => removeEdition(database, edition_no));
  return editions.length;
}
