/** What is known of one metric, wherever it is counted. */
export interface MetricKind {
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** What it says, with its unit; shown at `/metrics` and in the reference. */
  readonly help: string;
  /** The labels that every sample carries; each has few values, never an id of a person or a title. */
  readonly labels: readonly string[];
}

type Described<T extends MetricKind['type'], L> = {
  readonly type: T;
  readonly help: string;
  readonly labels: L;
};

const counter = <const L extends readonly string[] = readonly []>(
  help: string,
  ...labels: L
): Described<'counter', L> => ({
  type: 'counter',
  help,
  labels,
});
const gauge = <const L extends readonly string[] = readonly []>(
  help: string,
  ...labels: L
): Described<'gauge', L> => ({
  type: 'gauge',
  help,
  labels,
});
const histogram = <const L extends readonly string[] = readonly []>(
  help: string,
  ...labels: L
): Described<'histogram', L> => ({
  type: 'histogram',
  help,
  labels,
});

/**
 * Every metric of the platform by its name: `octavo_<folder>_<what>_<unit or total>`. Counters end in
 * `_total`, histograms are seconds and end in `_seconds`. A name that is not here can't be counted.
 */
export const metrics = {
  // base
  octavo_base_storage_errors_total: counter('File operations that failed, by code.', 'code'),
  octavo_base_storage_sync_seconds: histogram('Seconds that a sync of appended bytes to the disk took.'),
  octavo_base_transactions_total: counter('Transactions that the embedded databases committed.'),
  octavo_base_info: gauge('Always 1; its label says which version runs.', 'version'),
  // collect
  octavo_collect_received_total: counter('Events received: stored, duplicate and failed together.'),
  octavo_collect_stored_total: counter('Events that are durable in the event log.'),
  octavo_collect_duplicates_total: counter('Events that were stored before, by id.'),
  octavo_collect_failed_total: counter('Events refused by a rule and kept as failed events.'),
  octavo_collect_journal_torn_bytes_total: counter('Bytes cut from torn tails of the journal at open.'),
  octavo_collect_kafka_waiting_bytes: gauge('Bytes that wait for the brokers of Kafka, by topic.', 'topic'),
  octavo_collect_kafka_batches_total: counter(
    'Batches of records sent to Kafka, by topic and outcome.',
    'topic',
    'outcome',
  ),
  octavo_collect_kafka_copy_reads_total: counter(
    'Reads of a topic that another broker answered because the leader has damaged records: its disk is to be looked at.',
    'topic',
  ),
  octavo_collect_kafka_owned_partitions: gauge('Partitions of a topic that this loader has now.', 'topic'),
  // warehouse: loader
  octavo_warehouse_compacted_files_total: counter('Small data files that were put together with others.'),
  octavo_warehouse_load_batches_total: counter(
    'Batches of accepted events, by their way: bulk; where records of them are no events cut into smaller ones, or one_by_one.',
    'way',
  ),
  octavo_warehouse_loaded_events_total: counter(
    'Records of the event log that were loaded, by outcome.',
    'outcome',
  ),
  octavo_warehouse_log_damage_total: counter(
    'Stretches of the event log that could not be read, by topic.',
    'topic',
  ),
  octavo_warehouse_log_damaged_partitions: gauge(
    'Partitions of a topic that are not loaded on because of damage in them; the others are.',
    'topic',
  ),
  octavo_warehouse_load_seconds: histogram('Seconds that a load took, from reading the log to the commit.'),
  octavo_warehouse_log_lag_records: gauge(
    'Records in the event log that are not in the warehouse yet, by partition of this loader.',
    'topic',
    'partition',
  ),
  octavo_collect_known_ids: {
    type: 'gauge',
    help: 'Ids of stored events that lie on the disk to find duplicates.',
    labels: [],
  },
  octavo_http_refused_total: {
    type: 'counter',
    help: 'What came over HTTP and was refused before anybody could answer it, by code',
    labels: ['code'],
  },
  octavo_http_unread_answers_total: {
    type: 'counter',
    help: 'Connections cut off because their clients did not read the answers',
    labels: [],
  },
  octavo_http_unread_bytes: {
    type: 'gauge',
    help: 'Bytes of answers that clients have yet to take',
    labels: [],
  },
  octavo_collect_dropped_connections_total: {
    type: 'counter',
    help: 'Connections that were closed at once because there were too many.',
    labels: [],
  },
  octavo_collect_refused_requests_total: counter(
    'Requests that were not answered with 200, by code.',
    'code',
  ),
  octavo_collect_ship_lines_total: counter(
    'Lines that the log agent read, refused and dropped ones among them.',
  ),
  octavo_collect_ship_refused_total: counter(
    'Lines that became no event and are sent as failed, with the reason.',
  ),
  octavo_collect_ship_dropped_total: counter(
    'Lines that a rule of the log agent leaves out, by rule.',
    'rule',
  ),
  octavo_collect_ship_broken_letters_total: counter(
    'Lines with bytes that are no letters of their encoding.',
  ),
  octavo_collect_ship_damaged_files_total: counter(
    'Compressed log files that could not be read to their end.',
  ),
  octavo_collect_ship_retries_total: counter(
    'Deliveries of the log agent that are tried again, by code.',
    'code',
  ),
  octavo_collect_ship_lag_bytes: gauge('Bytes of a log file that are not acknowledged yet.', 'file'),
  octavo_collect_ship_troubled_files: gauge(
    'Log files that cannot be read now, or not to their end: the log says which and why.',
  ),
  octavo_collect_ship_queue_bytes: gauge('Bytes of log files that were read and are not acknowledged yet.'),
  octavo_collect_held_bytes: gauge('Bytes of requests that wait in memory.'),
  // batch
  octavo_warehouse_commits_total: counter('Commits of tables, by every writer.'),
  octavo_warehouse_commit_conflicts_total: counter(
    'Commits that another writer was ahead of and that were tried again.',
  ),
  octavo_batch_attempts_total: counter('Attempts of tasks that ended, by outcome.', 'outcome'),
  octavo_batch_attempt_seconds: histogram('Seconds that an attempt of a task took.'),
  octavo_batch_retries_total: counter('Attempts that are to be repeated.'),
  octavo_batch_leases_lost_total: counter('Leases that another worker had taken over.'),
  octavo_batch_cycle_days_total: counter('Business days run by the cycle, by outcome.', 'outcome'),
  // api
  octavo_api_request_seconds: histogram('Seconds from a request to its answer.', 'route', 'status'),
} as const satisfies Readonly<Record<string, MetricKind>>;

/** A metric's name. */
export type MetricName = keyof typeof metrics;

/** Names of metrics of one type. */
export type MetricNameOf<T extends MetricKind['type']> = {
  [N in MetricName]: (typeof metrics)[N]['type'] extends T ? N : never;
}[MetricName];

/** The labels that a metric must be given. */
export type LabelsOf<N extends MetricName> = Readonly<Record<(typeof metrics)[N]['labels'][number], string>>;
