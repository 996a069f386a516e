/** The batch state's schema, one statement a step; appended to, never edited. */
export const batchMigrations: readonly string[] = [
  `create table runs (
    run_id integer primary key autoincrement,
    key text unique,
    goals text not null,
    worker text not null,
    started_ms integer not null,
    finished_ms integer,
    outcome text,
    counts text not null default '{}'
  ) strict`,
  // The row id is the fencing token: AUTOINCREMENT never gives a number twice, not even after pruning.
  `create table attempts (
    token integer primary key autoincrement,
    run_id integer not null,
    task_id text not null,
    attempt integer not null,
    worker text not null,
    resources text,
    started_ms integer not null,
    heartbeat_ms integer not null,
    expires_ms integer not null,
    finished_ms integer,
    outcome text,
    error_code text,
    error_message text,
    counts text,
    log text
  ) strict`,
  // An attempt without an end is the lease of its task: the index allows one.
  `create unique index attempts_lease on attempts (task_id) where finished_ms is null`,
  `create index attempts_by_task on attempts (task_id, token)`,
  `create index attempts_by_run on attempts (run_id, token)`,
  `create table markers (
    key text primary key,
    token integer not null,
    marked_ms integer not null
  ) strict, without rowid`,
  `create table cycle_days (
    cycle text not null,
    day text not null,
    outcome text not null,
    attempts integer not null,
    finished_ms integer not null,
    primary key (cycle, day)
  ) strict, without rowid`,
  `alter table runs add column heartbeat_ms integer not null default 0`,
  `alter table runs add column expires_ms integer not null default 0`,
  `alter table runs add column asked_by text`,
  `alter table attempts add column progress text`,
  `alter table runs add column stop_asked_by text`,
  `create table requests (
    request_id integer primary key autoincrement,
    open integer not null,
    body text not null
  ) strict`,
];
