import { type DatabaseSync } from 'node:sqlite';
import { type RequestRecord } from './state-port.ts';

/** Requests and wishes to stop, in the tables of a batch state; the caller holds the transaction. */
export function addRequest(database: DatabaseSync, body: string): number {
  const insert = database.prepare('insert into requests (open, body) values (1, ?)');
  return Number(insert.run(body).lastInsertRowid);
}

export function changeRequest(database: DatabaseSync, { requestId, open, body }: RequestRecord): void {
  const update = database.prepare('update requests set open = ?, body = ? where request_id = ?');
  update.run(open ? 1 : 0, body, requestId);
}

/** The ended ones beyond the limit are forgotten. */
export function pruneRequests(database: DatabaseSync, endedMax: number): void {
  database
    .prepare(
      `delete from requests where open = 0 and request_id not in
        (select request_id from requests where open = 0 order by request_id desc limit ?)`,
    )
    .run(endedMax);
}

export function readRequests(database: DatabaseSync, endedMax: number): readonly RequestRecord[] {
  const select = `select * from requests where open = 1 or request_id in
    (select request_id from requests where open = 0 order by request_id desc limit ?) order by request_id desc`;
  return database
    .prepare(select)
    .all(endedMax)
    .map((row) => ({
      requestId: Number(row['request_id']),
      open: row['open'] === 1,
      body: String(row['body']),
    }));
}

export function askToStop(database: DatabaseSync, runId: number, askedBy: string): boolean {
  const update = 'update runs set stop_asked_by = ? where run_id = ? and finished_ms is null';
  return database.prepare(update).run(askedBy, runId).changes > 0;
}

export function stopAskedBy(database: DatabaseSync, runId: number): string | undefined {
  const row = database.prepare('select stop_asked_by from runs where run_id = ?').get(runId);
  const by = row?.['stop_asked_by'];
  return typeof by === 'string' ? by : undefined;
}
