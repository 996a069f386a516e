import { OctavoError, parseDay } from '../base/index.ts';
import type { Edition, EditionKind, ServingStore } from '../serving/index.ts';
import type { EditionStamp } from './schemas.ts';

/** Which edition a request asks for. */
export interface EditionQuery {
  readonly edition?: string;
  readonly date?: string;
}

/** An edition, and what it was found by. */
export interface FoundEdition {
  readonly edition: Edition;
  readonly query: EditionQuery;
}

/** The edition that a request names by id or day, else the current one of the newest day. Errors: `edition_not_found`, `day_invalid`. */
export async function findEdition(
  store: ServingStore,
  kind: EditionKind,
  name: string,
  { edition: id, date }: EditionQuery,
): Promise<FoundEdition> {
  const query = { ...(id === undefined ? {} : { edition: id }), ...(date === undefined ? {} : { date }) };
  if (query.edition !== undefined) {
    const edition = await store.edition(query.edition);
    if (edition?.kind === kind && edition.name === name) return { edition, query };
    throw new OctavoError('edition_not_found', `'${name}' has no edition ${query.edition}`);
  }
  const day = query.date === undefined ? undefined : parseDay(query.date);
  const edition = await store.current(kind, name, day);
  if (edition !== undefined) return { edition, query };
  const when = day === undefined ? 'has not been published yet' : `has no edition of ${day}`;
  throw new OctavoError('edition_not_found', `'${name}' ${when}`);
}

/** The part of every answer that says what it was made from. */
export function stampOf(edition: Edition): EditionStamp {
  return {
    edition: edition.id,
    revision: edition.revision,
    business_day: edition.business_day,
    published_at: edition.created_at,
    inputs: { ...edition.inputs },
  };
}

/** An opaque cursor for the position at which the next page begins. */
export function toCursor(from: number): string {
  return Buffer.from(String(from)).toString('base64url');
}

/** Errors: `argument_invalid` for a cursor that none of our answers gave. */
export function fromCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const from = Number(Buffer.from(cursor, 'base64url').toString());
  if (Number.isSafeInteger(from) && from >= 0 && toCursor(from) === cursor) return from;
  throw new OctavoError('argument_invalid', `cursor '${cursor}' is not one that an answer gave`);
}
