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
  config_not_found: kind(404, 'there is no octavo.config.ts here', 'run `octavo init` first, or pass --project'),
  argument_invalid: kind(400, 'an argument is not valid', 'see --help'),
  day_invalid: kind(400, 'this is no business day', 'write it as YYYY-MM-DD'),
  storage_full: kind(503, 'the disk is full', 'free space; writing resumes by itself', true),
  storage_failed: kind(503, 'a file could not be read or written', 'look at the disk', true),
  storage_not_found: kind(404, 'this file does not exist', 'look at the path'),
  storage_exists: kind(409, 'this file exists already', 'choose another name'),
  port_taken: kind(409, 'the port is taken by another program', 'choose another with --port'),
  locked: kind(409, 'another Octavo process holds this data folder', 'stop it, or use --data'),
  cancelled: kind(499, 'the work was cancelled', 'run it again'),
  // warehouse: iceberg and catalog
  table_not_found: kind(404, 'there is no such table', 'see `octavo tables list`'),
  table_exists: kind(409, 'the table exists already', 'choose another name'),
  table_unsupported: kind(501, 'the table uses a feature of Iceberg that Octavo does not have', 'read it with another engine'),
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
  snapshot_not_found: kind(404, 'the table has no such snapshot', 'see `octavo tables snapshots`; old ones expire'),
  metadata_damaged: kind(500, 'a metadata file is damaged', 'go back to the named last good file with `octavo doctor`, or restore it'),
  fenced: kind(409, 'a newer holder of the lease has written since', 'stop; the work belongs to another worker'),
  // batch
  task_unknown: kind(404, 'there is no such task', '`octavo run --list` names every task'),
  task_invalid: kind(400, 'a task is not defined correctly', 'correct the named key; see docs/guides/tasks.md'),
  task_parameter_invalid: kind(400, 'a task parameter is not valid', 'write the task as name(key=value,…)'),
  task_duplicate: kind(409, 'tasks share a name', 'rename one of them'),
  task_file_invalid: kind(400, 'a file of tasks could not be loaded', 'export default defineTask({…}), an array of tasks, or a function that returns them'),
  task_cycle: kind(400, 'tasks need each other in a circle', 'remove one of the named needs'),
  task_graph_too_large: kind(400, 'the plan has too many tasks', 'run fewer goals at once, or end a needs() that never ends'),
  task_failed: kind(500, 'a task failed', 'look at its log with `octavo status --task`'),
  task_target_missing: kind(500, 'a task ended without its target', 'let run() make what target() describes'),
  task_timeout: kind(504, 'a task took longer than its timeout', 'raise timeoutMs, or make the work smaller', true),
  lease_lost: kind(409, 'another worker has taken over this task', 'nothing: the other worker finishes it', true),
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
