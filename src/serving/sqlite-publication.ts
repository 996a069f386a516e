import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { OctavoError, canonicalJson, transaction, type Clock } from '../base/index.ts';
import { chunkEntriesMax, encodeChunks, pack, type Chunk } from './chunk.ts';
import { contentHash, partDigest } from './content-hash.ts';
import { editionColumns, toEdition, type EditionRow } from './sqlite-rows.ts';
import { removeEdition, removeOvertaken } from './sqlite-sweep.ts';
import type { Edition, EditionDraft, EditionPart } from './store-port.ts';

/**
 * One publication into SQLite: an unpublished edition row, its parts in transactions of bounded size,
 * and at last one transaction that checks the token, numbers the revision and moves the pointer. Only that one is
 * synced, and everything before it with it: what a power cut takes of an unpublished edition is no loss.
 */
export class SqlitePublication {
  readonly #database: DatabaseSync;
  readonly #prepare: (sql: string) => StatementSync;
  readonly #draft: EditionDraft;
  readonly #id: string;
  readonly #clock: Clock;
  #editionNo = 0;
  #waiting: WaitingPart[] = [];
  #waitingBytes = 0;

  constructor(options: {
    readonly database: DatabaseSync;
    readonly prepare: (sql: string) => StatementSync;
    readonly draft: EditionDraft;
    readonly id: string;
    readonly clock: Clock;
  }) {
    this.#database = options.database;
    this.#prepare = options.prepare;
    this.#draft = options.draft;
    this.#id = options.id;
    this.#clock = options.clock;
  }

  /** Errors: `fenced`, before anything is computed or stored. */
  begin(): void {
    const draft = this.#draft;
    const nowMs = this.#clock.now();
    this.#unsynced(() => {
      this.#assertNotFenced();
      const made = this.#prepare(
        `insert into editions (id, kind, name, business_day, revision, inputs, rule_version, code_version,
         content_hash, created_at, counts, published, token, touched_ms) values (?, ?, ?, ?, 0, ?, ?, ?, '', ?, ?, 0, ?, ?)`,
      ).run(
        this.#id,
        draft.kind,
        draft.name,
        draft.business_day,
        canonicalJson(draft.inputs),
        draft.rule_version,
        draft.code_version,
        new Date(nowMs).toISOString(),
        JSON.stringify(draft.counts),
        draft.token,
        nowMs,
      );
      this.#editionNo = Number(made.lastInsertRowid);
    });
  }

  /** Takes one part; stored when enough has come together. Errors: `edition_invalid`, `storage_full`, `fenced`. */
  add(part: EditionPart): void {
    const chunks = encodeChunks(part);
    const keys = part.entries.length > chunkEntriesMax ? pack(part.entries.map((entry) => entry.key)) : null;
    this.#waiting.push({
      part: part.part,
      entries: part.entries.length,
      digest: partDigest(part),
      keys,
      chunks,
    });
    this.#waitingBytes += chunks.reduce((sum, chunk) => sum + chunk.body.byteLength, partOverheadBytes);
    if (this.#waitingBytes >= transactionBytesMax) this.#flush();
  }

  /** Makes the edition the day's current one. Errors: `fenced`, `storage_full`. */
  finish(): Edition {
    this.#flush();
    const draft = this.#draft;
    const day = [draft.kind, draft.name, draft.business_day] as const;
    return transaction(this.#database, () => {
      this.#assertNotFenced();
      this.#assertStillThere();
      const digests = this.#prepare('select part, digest from parts where edition_no = ?').all(
        this.#editionNo,
      );
      const hash = contentHash(digests as unknown as readonly { part: string; digest: string }[]);
      const same = this.#sameAsCurrent(hash);
      if (same !== undefined) {
        removeEdition(this.#database, this.#editionNo);
        this.#point(same.edition_no);
        return toEdition(same);
      }
      this.#prepare(
        `update editions set published = 1, content_hash = ?, revision = 1 + (select coalesce(max(revision), 0)
         from editions where kind = ? and name = ? and business_day = ? and published = 1) where edition_no = ?`,
      ).run(hash, ...day, this.#editionNo);
      this.#point(this.#editionNo);
      removeOvertaken(this.#database, ...day, draft.token);
      const row = this.#prepare(`select ${editionColumns} from editions where edition_no = ?`).get(
        this.#editionNo,
      );
      return toEdition(row as unknown as EditionRow);
    });
  }

  /** Removes what was stored; when even that fails, the next sweep does. */
  abandon(): void {
    if (this.#editionNo === 0) return;
    try {
      transaction(this.#database, () => removeEdition(this.#database, this.#editionNo));
    } catch {
      // The database can't be written now. Nothing of the edition is visible, and a sweep removes it.
    }
  }

  #flush(): void {
    const parts = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#unsynced(() => {
      this.#assertStillThere();
      const addPart = this.#prepare(
        'insert into parts (edition_no, part, entries, digest, keys) values (?, ?, ?, ?, ?)',
      );
      const addChunk = this.#prepare('insert into chunks (part_no, first, body) values (?, ?, ?)');
      for (const part of parts) {
        const partNo = insertPart(addPart, this.#editionNo, part);
        for (const chunk of part.chunks) addChunk.run(partNo, chunk.first, chunk.body);
      }
    });
  }

  /** A transaction that others see, but that is not forced to the disk before a later one is. */
  #unsynced(run: () => void): void {
    this.#database.exec('pragma synchronous = normal');
    try {
      transaction(this.#database, run);
    } finally {
      this.#database.exec('pragma synchronous = full');
    }
  }

  #assertNotFenced(): void {
    const { kind, name, business_day: day, token } = this.#draft;
    const pointer = this.#prepare(
      'select token from pointers where kind = ? and name = ? and business_day = ?',
    );
    const last = pointer.get(kind, name, day) as { token: number } | undefined;
    if (last === undefined || last.token <= token) return;
    throw new OctavoError(
      'fenced',
      `${kind} '${name}' of ${day}: token ${token}, but ${last.token} has published`,
    );
  }

  #assertStillThere(): void {
    const touched = this.#prepare(
      'update editions set touched_ms = ? where edition_no = ? and published = 0',
    );
    if (touched.run(this.#clock.now(), this.#editionNo).changes === 1) return;
    const { kind, name, business_day: day } = this.#draft;
    throw new OctavoError(
      'fenced',
      `${kind} '${name}' of ${day}: the publication was swept while it stood still`,
    );
  }

  #sameAsCurrent(hash: string): EditionRow | undefined {
    const { kind, name, business_day: day, inputs, rule_version: rules } = this.#draft;
    const current = this.#prepare(
      `select ${editionColumns} from pointers p join editions using (edition_no) where p.kind = ? and p.name = ?
       and p.business_day = ? and content_hash = ? and rule_version = ? and inputs = ?`,
    ).get(kind, name, day, hash, rules, canonicalJson(inputs));
    return current as unknown as EditionRow | undefined;
  }

  #point(editionNo: number): void {
    const { kind, name, business_day: day, token } = this.#draft;
    this.#prepare(
      `insert into pointers (kind, name, business_day, edition_no, token) values (?, ?, ?, ?, ?)
       on conflict do update set edition_no = excluded.edition_no, token = excluded.token`,
    ).run(kind, name, day, editionNo, token);
  }
}

interface WaitingPart {
  readonly part: string;
  readonly entries: number;
  readonly digest: string;
  readonly keys: Uint8Array | null;
  readonly chunks: readonly Chunk[];
}

function insertPart(statement: StatementSync, editionNo: number, part: WaitingPart): number {
  try {
    return Number(statement.run(editionNo, part.part, part.entries, part.digest, part.keys).lastInsertRowid);
  } catch (cause) {
    const unique = (cause as { readonly errcode?: number }).errcode === sqliteConstraintUnique;
    throw unique
      ? new OctavoError('edition_invalid', `part '${part.part}' is there twice`, { cause })
      : cause;
  }
}

const sqliteConstraintUnique = 2067;
const transactionBytesMax = 4 * 2 ** 20;
const partOverheadBytes = 200;
