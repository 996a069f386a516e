import { kind, type ErrorKind } from './kind.ts';

/** The errors of what all parts share, and of collection. */
export const collectingErrors = {
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
  http_request_invalid: kind(400, 'this is no HTTP request', 'see whether something between changed it'),
  http_head_too_large: kind(
    431,
    'the head of the request is too large',
    'send a shorter address and fewer headers',
  ),
  http_request_timeout: kind(408, 'the request did not arrive in time', 'send it again', true),
  http_expectation_unknown: kind(
    417,
    'nothing is known of what the request expects',
    'leave Expect out, or send 100-continue',
  ),
  http_pipelined: kind(
    429,
    'too many requests of this connection wait for their answers',
    'read the answers, or use more connections',
    true,
  ),
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
  log_denied: kind(
    503,
    'the brokers of Kafka refuse this user',
    'see kafka.user and kafka.password, and give the user the rights that docs/guides/kafka.md lists; nothing was acknowledged, so it may be sent again',
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
  log_damaged: kind(
    500,
    'a part of the event log is not what was written',
    'start the brokers that have copies of the partition; see docs/guides/kafka.md',
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
  ship_incomplete: kind(
    500,
    'not everything in the log files could be read',
    'mend the files that are named and run it again: what was sent is not sent twice',
  ),
  ship_unavailable: kind(503, 'the collector cannot be reached', 'nothing is lost: it is tried again', true),
} as const satisfies Record<string, ErrorKind>;
