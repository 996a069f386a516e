/** What is known of one error code, wherever it is raised. */
export interface ErrorKind {
  /** What happened, in one sentence; details are appended by the place that throws. */
  readonly message: string;
  /** The HTTP status that the API answers with. */
  readonly status: number;
  /** Whether the same call may succeed later without being changed. */
  readonly retryable: boolean;
  /** What the reader of the message should do next. */
  readonly hint: string;
}

const kind = (status: number, message: string, hint: string, retryable = false): ErrorKind => ({
  message,
  status,
  retryable,
  hint,
});

/** Every error of the platform, by its stable code. Codes are never reused. */
export const errorCodes = {
  // base
  internal: kind(500, 'Octavo failed in a way it did not expect', 'report this with the log line'),
  config_invalid: kind(400, 'the configuration is not valid', 'correct the named key'),
  config_unknown_key: kind(400, 'the configuration has an unknown key', 'use the suggested name'),
  config_not_found: kind(
    404,
    'there is no octavo.config.ts here',
    'run `octavo init` first, or pass --project',
  ),
  argument_invalid: kind(400, 'an argument is not valid', 'see --help'),
  day_invalid: kind(400, 'this is no business day', 'write it as YYYY-MM-DD'),
  storage_full: kind(503, 'the disk is full', 'free space; writing resumes by itself', true),
  storage_failed: kind(503, 'a file could not be read or written', 'look at the disk', true),
  storage_not_found: kind(404, 'this file does not exist', 'look at the path'),
  storage_exists: kind(409, 'this file exists already', 'choose another name'),
  database_damaged: kind(
    500,
    'a database file is damaged',
    'restore it from a backup; docs/internals/data-folder.md says what each file holds',
  ),
  storage_crashed: kind(
    503,
    'the simulated machine has crashed',
    'only simulations see this: restart the storage',
  ),
  port_taken: kind(409, 'the port is taken by another program', 'choose another with --port'),
  locked: kind(409, 'another Octavo process holds this data folder', 'stop it, or use --data'),
  cancelled: kind(499, 'the work was cancelled', 'run it again'),
  // collect
  log_offset_gone: kind(
    410,
    'this part of the event log was released already',
    'go on at the start of the partition',
  ),
  log_record_too_large: kind(413, 'a record is too large for the event log', 'send a smaller event'),
  log_unavailable: kind(
    503,
    'the event log cannot be reached',
    'see whether the brokers of Kafka run; nothing was acknowledged, so it may be sent again',
    true,
  ),
  log_topic_unfit: kind(
    409,
    'the topic cannot hold the event log',
    'change the topic, or what the configuration asks of it; see docs/guides/kafka.md',
  ),
  log_truncated: kind(
    409,
    'the event log ends before what was read from it',
    'records were lost in Kafka; see docs/guides/kafka.md',
  ),
  log_closed: kind(503, 'the event log is closed', 'send it again after the restart', true),
  collect_json_invalid: kind(400, 'the body is not valid JSON', 'correct it at the named position'),
  collect_request_invalid: kind(
    400,
    'the request is not valid',
    'send {"events": [...]} or one event; see docs/guides/collect.md',
  ),
  collect_unauthorized: kind(
    401,
    'the key is missing or unknown',
    'send Authorization: Bearer with a key that may collect',
  ),
  collect_too_large: kind(413, 'the request is too large', 'send fewer events at once'),
  collect_encoding_unsupported: kind(415, 'this Content-Encoding is not known', 'send it plain or with gzip'),
  collect_busy: kind(
    503,
    'too much is waiting for the disk',
    'send it again after Retry-After seconds',
    true,
  ),
  collect_source_busy: kind(
    429,
    'too much of this key is waiting for the disk',
    'send less at once, again after Retry-After seconds',
    true,
  ),
  collect_origin_refused: kind(
    403,
    'pages of this origin may not send events with this key',
    'make a key for it: `octavo keys create --browser --origin https://…`',
  ),
  collect_signature_invalid: kind(
    403,
    'the address is not signed as collect.pixel.secret asks',
    'sign it (docs/guides/collect.md), or name its key in collect.pixel.unsignedKeys',
  ),
  collect_rate_limited: kind(
    429,
    'this key sends more events a second than it may',
    'send less, again after Retry-After seconds; `octavo keys create --rate` sets the limit',
    true,
  ),
  country_database_invalid: kind(
    500,
    'the file of countries cannot be read',
    'give collect.enrich.countryFile a MaxMind database (.mmdb) of countries, or leave it out',
  ),
  collect_body_timeout: kind(408, 'the body did not arrive in time', 'send it again', true),
  ship_config_invalid: kind(
    400,
    'the configuration of the log agent is not valid',
    'see docs/guides/ship.md',
  ),
  ship_state_damaged: kind(
    500,
    'the state of the log agent is damaged',
    'move it away: the files are read again from their beginning, and the collector recognises by the ids what it has',
  ),
  ship_refused: kind(
    400,
    'the collector refuses the log agent',
    'check the address, and that the key may write events (`octavo keys list`)',
  ),
  ship_unavailable: kind(503, 'the collector cannot be reached', 'nothing is lost: it is tried again', true),
  // warehouse: iceberg and catalog
  table_not_found: kind(404, 'there is no such table', 'see `octavo tables list`'),
  table_exists: kind(409, 'the table exists already', 'choose another name'),
  table_unsupported: kind(
    501,
    'the table uses a feature of Iceberg that Octavo does not have',
    'read it with another engine',
  ),
  table_has_delete_files: kind(
    501,
    'the table has delete files, which Octavo does not apply',
    'rewrite the data files in the engine that made them (Spark: CALL system.rewrite_data_files), or write with copy-on-write',
  ),
  namespace_not_found: kind(404, 'there is no such namespace', 'create it first'),
  namespace_exists: kind(409, 'the namespace exists already', 'use it as it is'),
  namespace_not_empty: kind(409, 'the namespace still has tables', 'drop them first'),
  commit_conflict: kind(409, 'another writer was first', 'reload the table and try again', true),
  update_invalid: kind(400, 'this change of the table is not valid', 'correct the named update'),
  schema_invalid: kind(400, 'the schema is not valid', 'correct the named column'),
  column_not_found: kind(404, 'there is no such column', 'use one of the named columns'),
  snapshot_not_found: kind(
    404,
    'the table has no such snapshot',
    'see `octavo tables snapshots`; old ones expire',
  ),
  metadata_damaged: kind(
    500,
    'a metadata file is damaged',
    '`octavo doctor --restore <table>` goes back to the last good one; see docs/guides/operations.md',
  ),
  data_damaged: kind(
    500,
    'a data file of a table is damaged',
    'see `octavo doctor` for the call that mends it; until then nothing is computed from it',
  ),
  fenced: kind(
    409,
    'a newer holder of the lease has written since',
    'stop; the work belongs to another worker',
  ),
  // warehouse: engine, models, sources
  query_invalid: kind(400, 'the SQL is not valid', 'correct it where the message points'),
  query_refused: kind(403, 'the SQL does what is not allowed here', 'write one SELECT over the tables'),
  query_timeout: kind(504, 'the query took too long', 'ask for less, or raise the timeout', true),
  query_memory: kind(
    507,
    'the query needs more memory than it may use',
    'ask for less, or raise warehouse.memory',
  ),
  query_failed: kind(
    500,
    'the engine could not run the query',
    'look at the message; `octavo doctor` finds files that are missing or damaged',
  ),
  engine_died: kind(503, 'the SQL engine ended', 'try again; it is started anew by itself', true),
  engine_busy: kind(503, 'too many queries wait for the engine', 'try again later', true),
  query_limited: kind(429, 'you run too many queries at once', 'wait for one of them, or stop it', true),
  query_busy: kind(503, 'too many queries run at once', 'try again in a moment', true),
  query_not_found: kind(404, 'no such query runs', 'it may have ended already'),
  column_change_refused: kind(
    409,
    'a column would change in a way that loses what is stored',
    'keep its type, or write to another table',
  ),
  day_sealed: kind(409, 'the business day is sealed', 'a sealed day never changes; write to an open day'),
  day_open: kind(409, 'the business day is not over yet', 'seal it after its end and the grace period', true),
  seal_mismatch: kind(
    409,
    'a day does not agree with its source',
    'extract the day again, or correct the source',
  ),
  source_invalid: kind(400, 'a source is not declared correctly', 'correct the named key'),
  source_changed: kind(409, 'a source file has changed since it was loaded', 'give new data in new files'),
  source_unreadable: kind(
    422,
    'a source file cannot be read',
    'nothing of it was loaded; give the named file again, whole',
  ),
  source_unreachable: kind(
    503,
    'a source’s database does not answer',
    'look whether it runs and whether host, port and network are right; `octavo sources test` tries it',
    true,
  ),
  source_denied: kind(
    403,
    'a source’s database refuses the account',
    'check user, password and rights; docs/guides/sources.md has the GRANT for each mode',
  ),
  source_timeout: kind(
    504,
    'a source’s database took too long or waits for a lock',
    'try again later; or raise statementTimeoutMs, lower pageRows, or give the cursor an index',
    true,
  ),
  source_tls_failed: kind(
    502,
    'no encrypted connection to a source’s database came about',
    'check tls: mode, ca and the server’s certificate',
  ),
  source_log_unusable: kind(
    409,
    'the change log of a source cannot be read',
    'set the named thing up (docs/guides/sources.md, "By change log"), or take another mode',
  ),
  source_log_gone: kind(
    410,
    'the change log of a source does not reach back far enough',
    'nothing: the table is read whole once; keep the log longer than the time between two extractions',
  ),
  source_mismatch: kind(
    409,
    'what was read of a table does not agree with the source’s own count',
    'nothing was written; extract again, and report it if it happens again',
    true,
  ),
  source_value_unfit: kind(
    422,
    'a value of a source’s table does not fit its column’s type',
    "declare the column as another type under `columns`, e.g. 'varchar'; nothing of these rows was written",
  ),
  source_rows_broken: kind(
    422,
    'a source has more broken rows than allowed',
    'look at raw.rejected_rows and the named file; or raise badRowsMax',
  ),
  model_invalid: kind(400, 'a model is not valid', 'correct the named file and line'),
  model_cycle: kind(400, 'models need each other in a circle', 'remove one of the named refs'),
  model_test_failed: kind(
    409,
    'rows of a model did not pass its tests, so they were not published',
    'look at the named test',
  ),
  // batch
  task_unknown: kind(404, 'there is no such task', '`octavo run --list` names every task'),
  task_invalid: kind(
    400,
    'a task is not defined correctly',
    'correct the named key; see docs/guides/tasks.md',
  ),
  task_parameter_invalid: kind(400, 'a task parameter is not valid', 'write the task as name(key=value,…)'),
  task_duplicate: kind(409, 'tasks share a name', 'rename one of them'),
  task_file_invalid: kind(
    400,
    'a file of tasks could not be loaded',
    'export default defineTask({…}), an array of tasks, or a function that returns them',
  ),
  task_cycle: kind(400, 'tasks need each other in a circle', 'remove one of the named needs'),
  task_graph_too_large: kind(
    400,
    'the plan has too many tasks',
    'run fewer goals at once, or end a needs() that never ends',
  ),
  task_failed: kind(500, 'a task failed', 'look at its log with `octavo status --task`'),
  task_target_missing: kind(500, 'a task ended without its target', 'let run() make what target() describes'),
  task_timeout: kind(
    504,
    'a task took longer than its timeout',
    'raise timeoutMs, or make the work smaller',
    true,
  ),
  task_done: kind(409, 'there is nothing to do', 'what it makes is there; force it to make it once more'),
  runs_not_taken: kind(
    503,
    'this process runs no tasks now',
    'ask the process that owns the data folder (`octavo start`), once it has begun its work',
    true,
  ),
  runs_too_many: kind(429, 'too many runs wait', 'wait until some of them have ended', true),
  run_not_found: kind(404, 'there is no such run that could be stopped', 'it may have ended by itself'),
  lease_lost: kind(
    409,
    'another worker has taken over this task',
    'nothing: the other worker finishes it',
    true,
  ),
  // api
  key_missing: kind(
    401,
    'this needs an API key',
    'send `Authorization: Bearer <key>`; make one with `octavo keys create`',
  ),
  key_invalid: kind(401, 'this API key is not valid', 'look whether it was revoked: `octavo keys list`'),
  key_not_found: kind(404, 'there is no such API key', 'see `octavo keys list`'),
  scope_missing: kind(403, 'this API key may not do that', 'use a key with the scope that is named'),
  session_expired: kind(401, 'the session has ended', 'sign in again'),
  sign_in_failed: kind(
    401,
    'the name or the password is not right',
    'try again; an administrator can set a new password',
  ),
  sign_in_limited: kind(429, 'there were too many attempts to sign in', 'wait a little', true),
  page_foreign: kind(403, 'another page sent this in your name', 'use the console itself, or an API key'),
  password_weak: kind(
    400,
    'this password is too easy to guess',
    'take ten letters or more, without the name in it',
  ),
  user_exists: kind(409, 'there is somebody of this name', 'choose another name'),
  user_not_found: kind(404, 'there is nobody of this name', 'see `octavo users`'),
  user_last_admin: kind(
    409,
    'nobody else could administer the store',
    'make somebody else an administrator first',
  ),
  user_invalid: kind(400, 'a user is not described correctly', 'correct what is named'),
  live_busy: kind(
    503,
    'too many listen to the live stream',
    'ask /v1/cycle instead, or come back later',
    true,
  ),
  tail_absent: kind(404, 'this process takes no events', 'ask the process that collects, `octavo start`'),
  route_not_found: kind(404, 'there is nothing at this address', 'see /docs for what there is'),
  method_not_allowed: kind(
    405,
    'this address has no such method',
    'use one of the methods of the Allow header; see /docs',
  ),
  body_too_large: kind(413, 'the body is too large', 'send less at once'),
  list_not_found: kind(404, 'there is no such bestseller list', 'see /v1/bestsellers, or `octavo lists`'),
  category_not_found: kind(404, 'this list has no such category', 'use `all`, or one of its categories'),
  item_not_on_list: kind(404, 'the title is not on the list', 'look at another day, list or category'),
  item_not_found: kind(404, 'nothing is known of this title', 'look at its id'),
  reader_not_found: kind(404, 'the shop knows no such reader', 'look at the id'),
  recommender_not_found: kind(404, 'there is no such recommender', 'see the project’s recommenders folder'),
  // statistics
  metric_not_found: kind(404, 'there is no such metric', 'see /v1/metrics, or `octavo metrics`'),
  metric_invalid: kind(400, 'a metric definition is not valid', 'correct the named file and line'),
  alert_invalid: kind(400, 'an alert is not valid', 'correct the named place of the file'),
  delivery_invalid: kind(400, 'a delivery is not valid', 'correct the named place of the file'),
  delivery_failed: kind(
    503,
    'a message could not be delivered',
    'it is tried again; look at the channel',
    true,
  ),
  delivery_refused: kind(502, 'a message was refused', 'correct the channel in octavo.config.ts'),
  browser_missing: kind(
    500,
    'there is no Chromium to draw a picture with',
    'install one, or name it in `delivery.browser`; the formats html and CSV need none',
  ),
  page_not_found: kind(404, 'there is no such statistics page', 'see /v1/pages'),
  page_invalid: kind(400, 'a statistics page is not valid', 'correct the named file and line'),
  block_not_found: kind(404, 'the page has no such block', 'see the page’s items'),
  block_broken: kind(409, 'this part of the page cannot be answered', 'correct the named file and line'),
  dimension_not_found: kind(404, 'the metric has no such dimension', 'use one of its dimensions'),
  // serving
  edition_not_found: kind(
    404,
    'there is no such edition',
    'see `octavo lists`, or leave the edition out for the current one',
  ),
  edition_invalid: kind(500, 'an edition could not be stored as it was given', 'correct what produces it'),
  edition_damaged: kind(
    500,
    'a stored edition cannot be read',
    'publish the day again; older editions are whole',
  ),
  // bestseller
  list_invalid: kind(400, 'a bestseller list is not declared correctly', 'correct the named file and line'),
  day_not_sealed: kind(
    409,
    'the business day is not sealed yet',
    'make it first: `octavo backfill --from … --to …`',
    true,
  ),
  list_check_failed: kind(
    409,
    'a bestseller list did not pass its checks, so it was not published',
    'look at the named figure; the last edition stays',
  ),
  day_not_built: kind(
    409,
    'days of a model that is counted are not built',
    'build them with `octavo backfill model:<name> --from <day> --to <day>`',
  ),
  // simulate
  simulate_send_failed: kind(
    502,
    'the collector did not take the events',
    'see that `octavo start` runs at this address',
    true,
  ),
  // recommend
  recommender_invalid: kind(
    400,
    'a recommender is not declared correctly',
    'correct the named key; see docs/guides/recommendations.md',
  ),
  interactions_too_many: kind(
    500,
    'there are more interactions than a recommender may read',
    'lower historyDays',
  ),
} as const satisfies Record<string, ErrorKind>;

/** A stable error code. */
export type ErrorCode = keyof typeof errorCodes;

/** Where and with what an error happened; every field is printed. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** The one error class of the platform. */
export class OctavoError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  /**
   * @param code - the row of the table
   * @param about - what exactly was wrong, as the end of a sentence
   * @param options - details for machines, and the cause
   */
  constructor(
    code: ErrorCode,
    about = '',
    options: { readonly details?: ErrorDetails; readonly cause?: unknown } = {},
  ) {
    const row: ErrorKind = errorCodes[code];
    super(about === '' ? row.message : `${row.message}: ${about}`, { cause: options.cause });
    this.name = 'OctavoError';
    this.code = code;
    this.details = options.details ?? {};
  }

  /** What exactly was wrong: the message without the code's own sentence. */
  get about(): string {
    const sentence = `${errorCodes[this.code].message}: `;
    return this.message.startsWith(sentence) ? this.message.slice(sentence.length) : this.message;
  }

  get status(): number {
    return errorCodes[this.code].status;
  }

  get retryable(): boolean {
    return errorCodes[this.code].retryable;
  }

  get hint(): string {
    return errorCodes[this.code].hint;
  }
}

/** Turns anything thrown into an OctavoError; foreign errors become `internal` with the cause kept. */
export function toOctavoError(thrown: unknown): OctavoError {
  if (thrown instanceof OctavoError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new OctavoError('internal', message, { cause: thrown });
}

/** Whether the thrown value is an OctavoError with this code. */
export function hasCode(thrown: unknown, code: ErrorCode): thrown is OctavoError {
  return thrown instanceof OctavoError && thrown.code === code;
}
