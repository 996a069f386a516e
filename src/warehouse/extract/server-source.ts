import { hasCode, OctavoError, type Logger, type DatabaseSourceConfig } from '../../base/index.ts';
import type { Warehouse } from '../warehouse-port.ts';
import type { DatabaseLog, DatabaseSnapshot, LogChanges } from './database-port.ts';
import type { TablePlan } from './loaded-column.ts';
import { openSnapshot } from './open-snapshot.ts';
import { columnChanges, planSource } from './plan-source.ts';
import { readAfterCursor, readKeys, readWhole, type TableRead } from './read-table.ts';

/** Table property: the last cursor value. */
export const cursorProperty = 'octavo.cursor';
/** Table property: up to where the change log is in the table. */
export const logProperty = 'octavo.log';
/** Table property: columns that the source has no longer, so that it is told once. */
const droppedProperty = 'octavo.dropped';

const attemptsMax = 3;

/**
 * Brings every table of a database server up to date, all as of one moment. A lost connection is tried again; what
 * was committed before it is not read again. Errors: see `extractSource`.
 */
export async function extractServer(
  warehouse: Warehouse,
  name: string,
  source: DatabaseSourceConfig,
  options: { readonly log: Logger; readonly signal?: AbortSignal },
): Promise<Readonly<Record<string, number>>> {
  const { clock } = warehouse.context;
  const totals = { rows: 0, added: 0, changed: 0, deleted: 0, afterSeal: 0 };
  const count = (counts: Readonly<Record<string, number>>): void => {
    for (const key of Object.keys(totals) as (keyof typeof totals)[]) totals[key] += counts[key] ?? 0;
  };
  for (let attempt = 1; ; attempt++) {
    try {
      await extractOnce({ warehouse, name, source, ...options, count });
      return totals;
    } catch (error) {
      const again = hasCode(error, 'source_unreachable') || hasCode(error, 'commit_conflict');
      if (!again || attempt >= attemptsMax) throw error;
      options.log.warn('a source is tried again', { source: name, attempt, error });
      await clock.sleep(1000 * 4 ** (attempt - 1), options.signal);
    }
  }
}

interface Extraction {
  readonly warehouse: Warehouse;
  readonly name: string;
  readonly source: DatabaseSourceConfig;
  readonly log: Logger;
  readonly signal?: AbortSignal;
  readonly count: (counts: Readonly<Record<string, number>>) => void;
}

async function extractOnce(extraction: Extraction): Promise<void> {
  const { warehouse, name, source, log, count } = extraction;
  const withLog = Object.values(source.tables).some(({ mode }) => mode === 'log');
  const timeout = AbortSignal.timeout(source.snapshotTimeoutMs);
  const signal = extraction.signal === undefined ? timeout : AbortSignal.any([timeout, extraction.signal]);
  const snapshot = await openSnapshot(name, source, { withLog });
  // A statement that waits in the server is given up with its connection.
  const stop = (): void => snapshot.abort();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const plans = await planSource(warehouse, snapshot, name, source);
    const properties = new Map<string, Readonly<Record<string, string>>>();
    for (const plan of plans) properties.set(plan.name, await tellChanges(warehouse, plan, log));
    const changes = withLog ? await readLog(warehouse, snapshot, plans, log, signal) : undefined;
    for (const plan of plans) {
      if (plan.table.warning !== undefined) log.warn(plan.table.warning, { table: plan.target });
      const read: TableRead = {
        warehouse,
        snapshot,
        source,
        plan,
        log,
        signal,
        properties: properties.get(plan.name) ?? {},
      };
      const counts = await readTable(read, changes);
      log.info('extracted', { table: plan.target, ...counts });
      count(counts);
    }
    if (changes !== undefined) await releaseLog(warehouse, changes.log, plans, log);
  } catch (cause) {
    if (!timeout.aborted) throw cause;
    throw new OctavoError(
      'source_timeout',
      `sources.${name}: the snapshot was open for ${source.snapshotTimeoutMs} ms, which is snapshotTimeoutMs`,
      { cause },
    );
  } finally {
    signal.removeEventListener('abort', stop);
    await snapshot.close();
  }
}

async function readTable(
  read: TableRead,
  changes: (LogChanges & { readonly log: DatabaseLog }) | undefined,
): Promise<Readonly<Record<string, number>>> {
  const { plan, warehouse, log } = read;
  if (plan.declared.mode === 'incremental') {
    const known = await warehouse.table(plan.target);
    return readAfterCursor(read, known?.metadata.properties[cursorProperty]);
  }
  if (plan.declared.mode === 'full' || changes === undefined) return readWhole(read);
  const positioned = { ...read, properties: { ...read.properties, [logProperty]: changes.position } };
  const keys = changes.keys.get(plan.name);
  if (keys === undefined || changes.whole.has(plan.name)) return readWhole(positioned);
  try {
    return await readKeys(positioned, keys);
  } catch (error) {
    if (!hasCode(error, 'source_mismatch')) throw error;
    log.warn('the change log does not account for every row, so the table is read whole', { error });
    return readWhole(positioned);
  }
}

/** What the log says since each table was last brought up to date; a table that it cannot speak for is read whole. */
async function readLog(
  warehouse: Warehouse,
  snapshot: DatabaseSnapshot,
  plans: readonly TablePlan[],
  log: Logger,
  signal: AbortSignal,
): Promise<LogChanges & { readonly log: DatabaseLog }> {
  const changeLog = await snapshot.log();
  const keys = new Map<string, LogChanges['keys'] extends ReadonlyMap<string, infer T> ? T : never>();
  const whole = new Set<string>();
  let { position: reached } = changeLog;
  const byPosition = new Map<string, TablePlan[]>();
  for (const plan of plans.filter(({ declared }) => declared.mode === 'log')) {
    const position = (await warehouse.table(plan.target))?.metadata.properties[logProperty];
    if (position === undefined) whole.add(plan.name);
    else byPosition.set(position, [...(byPosition.get(position) ?? []), plan]);
  }
  // Tables of one source are committed one after another; after a kill they may stand at two places.
  for (const [position, own] of byPosition) {
    try {
      const tables = own.map(({ name, table, key }) => ({ name, table, key }));
      const read = await changeLog.read(position, tables, signal);
      reached = read.position;
      for (const { name } of own) keys.set(name, read.keys.get(name) ?? []);
      for (const name of read.whole) whole.add(name);
    } catch (error) {
      if (!hasCode(error, 'source_log_gone')) throw error;
      log.warn('the change log does not reach back far enough, so tables are read whole', {
        tables: own.map(({ target }) => target).join(', '),
        error,
      });
      for (const { name } of own) whole.add(name);
    }
  }
  return { keys, whole, position: reached, log: changeLog };
}

async function releaseLog(
  warehouse: Warehouse,
  changeLog: DatabaseLog,
  plans: readonly TablePlan[],
  log: Logger,
): Promise<void> {
  const positions = new Set<string>();
  for (const plan of plans.filter(({ declared }) => declared.mode === 'log')) {
    const position = (await warehouse.table(plan.target))?.metadata.properties[logProperty];
    if (position === undefined) return;
    positions.add(position);
  }
  const [position] = positions;
  if (position === undefined || positions.size > 1) return;
  await changeLog.release(position).catch((error: unknown) => {
    log.warn('the change log could not be released; it is tried again with the next extraction', { error });
  });
}

/** Says what changed about a table's columns; returns what is to be kept of it. */
async function tellChanges(
  warehouse: Warehouse,
  plan: TablePlan,
  log: Logger,
): Promise<Readonly<Record<string, string>>> {
  const { added, dropped, widened } = await columnChanges(warehouse, plan);
  const told = (await warehouse.table(plan.target))?.metadata.properties[droppedProperty] ?? '';
  const { target: table } = plan;
  if (added.length > 0) log.warn('a source table has new columns', { table, columns: added.join(', ') });
  if (widened.length > 0)
    log.warn('columns of a source table are wider', { table, columns: widened.join(', ') });
  const gone = dropped.join(', ');
  if (gone !== told && gone !== '')
    log.warn('a source table has lost columns, which are null from now on', { table, columns: gone });
  return gone === told ? {} : { [droppedProperty]: gone };
}
