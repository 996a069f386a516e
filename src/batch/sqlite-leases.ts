import { type StatementSync } from 'node:sqlite';
import { type AttemptRow } from './sqlite-rows.ts';
import {
  type AttemptEnd,
  type Claim,
  type ClaimRequest,
  type Exchange,
  type ExchangeResult,
} from './state-port.ts';

/** Prepares a statement, or gives the one that is prepared. */
type Sql = (text: string) => StatementSync;

/** Ends attempts and gives leases; the caller holds the transaction. */
export function exchangeLeases(sql: Sql, exchange: Exchange, nowMs: number): ExchangeResult {
  const refused = exchange.ends.filter((ended) => !endAttempt(sql, ended, nowMs)).map(({ token }) => token);
  const claims = exchange.claims.map((request): Claim => {
    const refusedNeed = request.after?.some((token) => refused.includes(token)) ?? false;
    return refusedNeed ? { status: 'refused', taskId: request.taskId } : claim(sql, exchange, request, nowMs);
  });
  return { refused, claims };
}

/** False when the token does not hold its lease. */
export function endAttempt(sql: Sql, ended: AttemptEnd, nowMs: number): boolean {
  const update = `update attempts set finished_ms = ?, outcome = ?, error_code = ?, error_message = ?, counts = ?, log = ?
    where token = ? and finished_ms is null`;
  const counts = ended.counts === undefined ? null : JSON.stringify(ended.counts);
  const log = ended.log === undefined || ended.log.length === 0 ? null : JSON.stringify(ended.log);
  const values = [
    nowMs,
    ended.outcome,
    ended.errorCode ?? null,
    ended.errorMessage ?? null,
    counts,
    log,
    ended.token,
  ];
  if (sql(update).run(...values).changes === 0) return false;
  if (ended.marker !== undefined && ended.outcome === 'succeeded') {
    const insert = 'insert or replace into markers (key, token, marked_ms) values (?, ?, ?)';
    sql(insert).run(ended.marker, ended.token, nowMs);
  }
  return true;
}

function claim(sql: Sql, exchange: Exchange, request: ClaimRequest, nowMs: number): Claim {
  const { taskId, resources = {} } = request;
  const held = sql('select * from attempts where task_id = ? and finished_ms is null').get(taskId);
  if (held !== undefined) {
    const attempt = held as unknown as AttemptRow;
    const liveMs = plausibleExpiry(sql, attempt, nowMs, exchange.leaseMs);
    if (liveMs > nowMs) return { status: 'held', taskId, worker: attempt.worker, expiresMs: liveMs };
  }
  if (
    request.marker !== undefined &&
    sql('select 1 from markers where key = ?').get(request.marker) !== undefined
  ) {
    return { status: 'marked', taskId };
  }
  const busy = busyResource(sql, resources, exchange.limits, taskId, nowMs);
  if (busy !== undefined) return { status: 'busy', taskId, resource: busy };
  if (held !== undefined)
    endAttempt(sql, { token: Number(held['token']), outcome: 'lost', errorCode: 'lease_lost' }, nowMs);
  const insert = `insert into attempts (run_id, task_id, attempt, worker, resources, started_ms, heartbeat_ms, expires_ms)
    values (?, ?, ?, ?, ?, ?, ?, ?)`;
  const resourceText = Object.keys(resources).length === 0 ? null : JSON.stringify(resources);
  const { runId, worker, leaseMs } = exchange;
  const values = [runId, taskId, request.attempt, worker, resourceText, nowMs, nowMs, nowMs + leaseMs];
  return { status: 'claimed', taskId, token: Number(sql(insert).run(...values).lastInsertRowid) };
}

/**
 * A lease that ends more than one lease from now was written before the clock was set back. It gets one
 * lease from now: a living worker extends it, a dead one's runs out.
 */
function plausibleExpiry(
  sql: Sql,
  { token, expires_ms: expiresMs }: AttemptRow,
  nowMs: number,
  leaseMs: number,
): number {
  if (expiresMs <= nowMs + leaseMs * clockStepLeases) return expiresMs;
  sql('update attempts set expires_ms = ? where token = ?').run(nowMs + leaseMs, token);
  return nowMs + leaseMs;
}

function busyResource(
  sql: Sql,
  wanted: Readonly<Record<string, number>>,
  limits: Readonly<Record<string, number>>,
  taskId: string,
  nowMs: number,
): string | undefined {
  if (Object.keys(wanted).length === 0) return undefined;
  const used: Record<string, number> = {};
  const live =
    'select resources from attempts where finished_ms is null and expires_ms > ? and task_id <> ? and resources is not null';
  for (const row of sql(live).all(nowMs, taskId)) {
    const held = JSON.parse(String(row['resources'])) as Record<string, number>;
    for (const [name, amount] of Object.entries(held)) used[name] = (used[name] ?? 0) + amount;
  }
  return Object.entries(wanted).find(([name, amount]) => {
    // A task that wants more than there is runs alone.
    const limit = Math.max(limits[name] ?? 1, amount);
    return (used[name] ?? 0) + amount > limit;
  })?.[0];
}

const clockStepLeases = 2;
