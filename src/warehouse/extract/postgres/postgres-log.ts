import { escapeLiteral, type Client } from 'pg';
import { PgoutputPlugin, type Pgoutput } from 'pg-logical-replication';
import { hasCode, OctavoError, type ServerSourceConfig } from '../../../base/index.ts';
import type { DatabaseLog, DatabaseSnapshot, LogTable, TextRow } from '../database-port.ts';
import { LogKeys } from '../log-keys.ts';
import { isVisible, parseSnapshot, type TransactionSnapshot } from './transaction-snapshot.ts';
import { queryTexts } from './query-texts.ts';

type Message = Pgoutput.Message;

interface LogOptions {
  readonly name: string;
  readonly source: ServerSourceConfig;
  readonly connect: () => Promise<Client>;
  readonly failed: (cause: unknown) => unknown;
}

/**
 * Makes the replication slot when it is missing. Before the snapshot is taken, so that the slot holds everything that
 * is not in it. Errors: `source_log_unusable`.
 */
export async function ensureSlot(options: LogOptions): Promise<void> {
  const { name, source } = options;
  const { slot } = source;
  const unusable = (about: string): OctavoError =>
    new OctavoError('source_log_unusable', `sources.${name}: ${about}`);
  const [[level] = []] = await ask(options, 'show wal_level');
  if (level !== 'logical') throw unusable(`wal_level is '${level}', the log needs 'logical'`);
  const [found] = await ask(
    options,
    `select plugin from pg_replication_slots where slot_name = ${escapeLiteral(slot)}`,
  );
  if (found !== undefined && found[0] !== 'pgoutput')
    throw unusable(`the slot '${slot}' is of the plug-in '${found[0]}', not of pgoutput`);
  if (found !== undefined) return;
  await ask(options, `select pg_create_logical_replication_slot(${escapeLiteral(slot)}, 'pgoutput')`).catch(
    (cause: unknown) => {
      if (hasCode(cause, 'source_denied'))
        throw unusable(`the account may make no replication slot: ALTER ROLE ${source.user} REPLICATION`);
      throw cause;
    },
  );
}

/** Opens the replication slot as of a snapshot. Errors: `source_log_unusable`. */
export async function openPostgresLog(
  options: LogOptions & {
    readonly snapshot: DatabaseSnapshot;
    /** Place of the log and visible transactions of the snapshot. */
    readonly seen: TextRow;
  },
): Promise<DatabaseLog> {
  const { name, source, snapshot } = options;
  const { slot, publication } = source;
  const [place, visible] = [options.seen[0] ?? '', parseSnapshot(options.seen[1] ?? '')];
  const published = await ask(
    options,
    `select schemaname, tablename from pg_publication_tables where pubname = ${escapeLiteral(publication)}`,
  );
  for (const [part, { mode, from }] of Object.entries(source.tables)) {
    if (mode !== 'log') continue;
    const table = await snapshot.describe(from ?? part);
    const there = published.some(([schema, one]) => schema === table?.schema && one === table?.name);
    if (table === undefined || there) continue;
    const statement = `CREATE PUBLICATION ${publication} FOR TABLE ${table.sql}`;
    throw new OctavoError(
      'source_log_unusable',
      `sources.${name}: the publication '${publication}' has no ${table.name}: ${statement}`,
    );
  }
  const [[start] = []] = await ask(
    options,
    `select confirmed_flush_lsn::text from pg_replication_slots where slot_name = ${escapeLiteral(slot)}`,
  );
  const begin = start ?? '0/0';
  return {
    // What the slot holds is read again, rather than to leave out a transaction that was just being committed.
    position: begin,
    read: async (since, tables, signal) => {
      if (compareLsn(begin, since) > 0)
        throw new OctavoError(
          'source_log_gone',
          `sources.${name}: the slot '${slot}' begins at ${begin}, needed is ${since}`,
        );
      const reader = new MessageReader(tables, visible, place);
      const client = await options.connect();
      try {
        await client.query(`begin; declare octavo_log no scroll cursor for
          select lsn::text, encode(data, 'hex') from pg_logical_slot_peek_binary_changes(${escapeLiteral(slot)},
            ${escapeLiteral(place)}, null, 'proto_version', '1', 'publication_names', ${escapeLiteral(publication)})`);
        for (;;) {
          signal?.throwIfAborted();
          const rows = await queryTexts(client, `fetch ${messagesMax} from octavo_log`);
          for (const row of rows) reader.read(row);
          if (rows.length < messagesMax) return reader.keys.changes(reader.reached);
        }
      } catch (cause) {
        throw options.failed(cause);
      } finally {
        await client.end().catch(() => undefined);
      }
    },
    release: async (released) => {
      if (compareLsn(released, begin) > 0)
        await ask(
          options,
          `select pg_replication_slot_advance(${escapeLiteral(slot)}, ${escapeLiteral(released)})`,
        );
    },
  };
}

/** Messages that are fetched at once. */
const messagesMax = 5_000;

/** Asks on a connection of its own: the slot is as it is, not as the snapshot sees it. */
async function ask({ connect, failed }: LogOptions, sql: string): Promise<readonly TextRow[]> {
  const client = await connect();
  try {
    return await queryTexts(client, sql);
  } catch (cause) {
    throw failed(cause);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Gathers the keys of what the log holds. A transaction that is in the log but not in the snapshot (it was being
 * committed) is left for the next time: the log is kept from its beginning.
 */
class MessageReader {
  readonly keys: LogKeys;
  reached: string;
  readonly #parser = new PgoutputPlugin({ protoVersion: 1, publicationNames: [] });
  readonly #visible: TransactionSnapshot;
  #isSeen = true;
  #allSeen = true;

  constructor(tables: readonly LogTable[], visible: TransactionSnapshot, place: string) {
    this.keys = new LogKeys(tables);
    this.#visible = visible;
    this.reached = place;
  }

  read([lsn, data]: TextRow): void {
    const message: Message = this.#parser.parse(Buffer.from(data ?? '', 'hex'));
    if (message.tag === 'begin') {
      this.#isSeen = isVisible(this.#visible, message.xid);
      if (!this.#isSeen && this.#allSeen) {
        this.#allSeen = false;
        this.reached = beforeLsn(lsn ?? this.reached);
      }
    }
    // Values as the server writes them, not as the driver's types.
    else if (message.tag === 'relation') for (const column of message.columns) column.parser = asText;
    else if (this.#isSeen) addKeys(this.keys, message);
  }
}

function addKeys(keys: LogKeys, message: Message): void {
  if (message.tag === 'truncate') {
    for (const relation of message.relations)
      for (const { name } of keys.named(relation.schema, relation.name)) keys.addWhole(name);
    return;
  }
  if (message.tag !== 'insert' && message.tag !== 'update' && message.tag !== 'delete') return;
  for (const table of keys.named(message.relation.schema, message.relation.name)) {
    const images =
      message.tag === 'insert'
        ? [message.new]
        : message.tag === 'update'
          ? [message.key, message.old, message.new]
          : [message.key, message.old];
    for (const image of images) if (image !== null) keys.add(table, keyOf(table, image));
  }
}

function keyOf({ key }: LogTable, image: Readonly<Record<string, unknown>>): TextRow {
  return key.map(({ name }) => {
    const value = image[name];
    return value === undefined || value === null ? null : String(value);
  });
}

function asText(text: unknown): unknown {
  return text;
}

function beforeLsn(lsn: string): string {
  const value = lsnOf(lsn) - 1n;
  return `${(value >> 32n).toString(16).toUpperCase()}/${(value & 0xffffffffn).toString(16).toUpperCase()}`;
}

function compareLsn(left: string, right: string): number {
  const difference = lsnOf(left) - lsnOf(right);
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}

function lsnOf(text: string): bigint {
  const [high = '0', low = '0'] = text.split('/');
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}
