import { Type, type Static } from '@sinclair/typebox';
import { logLevels } from '../log.ts';
import type { Secret } from '../secret.ts';
import { channelSchema } from './channel-schema.ts';
import { enrichSchema, pixelSchema } from './enrich-schema.ts';
import { kafkaSchema } from './kafka-schema.ts';
import { flag, oneOf, secret, section, text, whole } from './schema-parts.ts';
import { optionalText } from './source-parts.ts';
import { sourceSchema } from './source-schema.ts';

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

const memoryPattern = '^\\d+(\\.\\d+)?(KB|MB|GB|TB|KiB|MiB|GiB|TiB)$';

/** Every key of `octavo.config.ts` with its default and its description: the one place where defaults stand. */
export const configSchema = Type.Object(
  {
    name: text('bookstore', 'Name of the project; shown in titles.'),
    currency: text('KRW', 'Currency of every amount, ISO 4217.', {
      pattern: '^[A-Z]{3}$',
      expected: 'three capital letters such as KRW',
    }),
    locale: oneOf(['ko', 'en'], 'ko', 'Language of titles and category names in answers.'),
    data: text('.octavo', 'Folder of everything that is stored; relative to the project.'),
    calendar: section('When business days begin.', {
      timeZone: text('Asia/Seoul', 'IANA zone of the business calendar.', {
        zone: true,
        expected: 'an IANA name such as Asia/Seoul',
      }),
      dayStart: text('06:00', 'Wall-clock time at which a business day begins.', {
        pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
        expected: 'a time as HH:MM',
      }),
    }),
    log: section('What is written to the standard error stream.', {
      level: oneOf(logLevels, 'info', 'The least important level that is written.'),
      format: oneOf(
        ['auto', 'json', 'text'],
        'auto',
        'One JSON object a line, or text; auto is text on a terminal.',
      ),
    }),
    http: section('The address that serves the API and takes events.', {
      host: text('127.0.0.1', 'Address to listen on; 0.0.0.0 for every interface.'),
      port: whole(8085, 'Port to listen on; 0 lets the system choose.', { minimum: 0, maximum: 65535 }),
      publicUrl: Type.Optional(
        Type.String({
          pattern: '^https?://',
          description: 'Where people open the console; links in messages begin with it.',
        }),
      ),
      requestTimeoutMs: whole(30_000, 'A request that takes longer to arrive is cut off.'),
      stopTimeoutMs: whole(10_000, 'How long open requests may take to finish when the server stops.'),
    }),
    eventLog: oneOf(
      ['journal', 'kafka'],
      'journal',
      'Where events are kept until they are in the warehouse: files of the data folder, or Apache Kafka.',
    ),
    kafka: kafkaSchema,
    collect: section('The collector and its event log.', {
      partitions: whole(2, 'Partitions of the event log; may be raised, never lowered.', { maximum: 256 }),
      segmentBytes: whole(64 * mebibyte, 'A segment file of the journal is closed at this size.', {
        minimum: 64 * kibibyte,
      }),
      bodyBytesMax: whole(4 * mebibyte, 'A larger request body is refused with 413.', { minimum: kibibyte }),
      eventsMax: whole(2500, 'More events than this in one request are refused with 413.'),
      eventBytesMax: whole(64 * kibibyte, 'A larger event is refused, the others of its request are kept.', {
        minimum: 256,
      }),
      eventsPerSecondMax: whole(
        0,
        'Events a second of each key that has no --rate of its own, over some seconds; beyond it 429. 0: no limit.',
        { minimum: 0 },
      ),
      connectionsMax: whole(10_000, 'Connections at a time; more are closed at once.'),
      queueBytesMax: whole(
        64 * mebibyte,
        'Beyond these bytes waiting for the disk, requests are answered 503 with Retry-After.',
        {
          minimum: mebibyte,
        },
      ),
      enrich: enrichSchema,
      pixel: pixelSchema,
    }),
    tracker: section("The script for the store's pages, under names of the store's own choice.", {
      path: text('/o', 'Path of the script and of what it sends.', {
        pattern: '^(/[A-Za-z0-9_-]+)+$',
        expected: 'a path such as /o',
      }),
      script: text('o.js', 'Name of the script.', {
        pattern: '^[A-Za-z0-9_-]+\\.js$',
        expected: 'a name such as o.js',
      }),
      send: text('e', 'Name that events are sent to.', {
        pattern: '^[A-Za-z0-9_-]+$',
        expected: 'a name such as e',
      }),
      store: optionalText(
        'Folder of pages to try the tracker with, served at `/store/` with a key of their own; relative to the project. The demo serves those of its example.',
      ),
    }),
    warehouse: section('Tables, the SQL engine, and loading.', {
      memory: text('2GB', 'Memory limit of the SQL engine.', {
        pattern: memoryPattern,
        expected: 'a size such as 2GB',
      }),
      threads: whole(
        0,
        'Threads of each process of the SQL engine; 0: the cores, shared among the processes.',
        {
          minimum: 0,
          maximum: 1024,
        },
      ),
      loadIntervalMs: whole(2000, 'How often is looked whether events wait in the log.', {
        minimum: 50,
      }),
      loadEventsMax: whole(400_000, 'Events in one load commit.'),
      loadWaitMs: whole(5000, 'How long events wait for others to share their file; 0 for not at all.', {
        minimum: 0,
      }),
      loadTargetEvents: whole(50_000, 'When so many events wait, they are loaded at once.'),
      queryTimeoutMs: whole(600_000, 'A query that takes longer is stopped.'),
      snapshotsKeptDays: whole(7, 'Snapshots younger than this never expire; cited ones never do.', {
        minimum: 0,
      }),
      orphanFilesKeptHours: whole(72, 'Files that no snapshot names are removed when older than this.', {
        minimum: 1,
      }),
    }),
    sources: Type.Record(Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' }), sourceSchema, {
      default: {},
      description:
        'Where the shop’s own data comes from, by name; `raw.<name>_<table>` is made of each table.',
      expected: 'a name of small letters, digits and _',
    }),
    batch: section('Tasks and the daily cycle.', {
      workers: whole(2, 'Tasks that run at the same time.', { maximum: 256 }),
      cycle: flag(true, 'Whether each business day’s cycle runs by itself.'),
      cycleDelayMinutes: whole(
        15,
        'How long after the day start the finished day is sealed and its cycle begins.',
        { minimum: 0 },
      ),
      listsDueAt: text('10:00', 'Wall-clock time by which the morning’s bestseller lists are promised.', {
        pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
        expected: 'a time as HH:MM',
      }),
      catchUpDaysMax: whole(
        7,
        'Days that the cycle makes up by itself after a standstill; older ones are for `octavo backfill`.',
      ),
      leaseMs: whole(30_000, 'A worker that is silent for longer loses its task.', { minimum: 1000 }),
      runsKept: whole(2000, 'Newest runs whose history is kept.'),
    }),
    serving: section('Published editions.', {
      editionsKept: whole(800, 'Newest editions kept of each list, recommender and statistic.'),
    }),
    readers: section(
      'Where the readers are known from, so that the API can tell an unknown one from a new one.',
      {
        table: Type.Optional(
          Type.String({ minLength: 1, description: 'Table with a row a reader, e.g. `raw.shop_readers`.' }),
        ),
        column: text('reader_id', 'Its column with the reader’s id.'),
      },
    ),
    delivery: section('Pages and alerts that are sent.', {
      numbersDueAt: text('10:00', 'Wall-clock time from which numbers that are not out count as missing.', {
        pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
        expected: 'a time as HH:MM',
      }),
      browser: Type.Optional(
        Type.String({
          minLength: 1,
          description: 'Chromium that draws pages as PNG; by itself one in the PATH.',
        }),
      ),
    }),
    mail: section('The server that takes mail, for channels of the type `mail`.', {
      host: text('127.0.0.1', 'Its name.'),
      port: whole(587, 'Its port.', { maximum: 65535 }),
      security: oneOf(
        ['starttls', 'tls', 'none'],
        'starttls',
        'Encryption: `starttls` insists on it, `tls` from the first byte, `none` only for this machine.',
      ),
      user: Type.Optional(Type.String({ minLength: 1, description: 'User, where it asks for one.' })),
      password: secret('Password of the user.'),
      from: text('octavo@localhost', 'Sender of every mail.'),
    }),
    channels: Type.Record(Type.String({ pattern: '^[a-z][a-z0-9_-]{0,39}$' }), channelSchema, {
      default: {},
      description: 'Ways to people, by the name that alerts and deliveries send to.',
      expected: 'a name of small letters, digits, - and _',
    }),
    recommend: section('Recommenders.', {
      threads: whole(2, 'Worker threads that compute recommendations.', { maximum: 256 }),
    }),
    api: section('The REST API.', {
      adminKey: secret('A key with every scope, beside those that Octavo makes itself.'),
    }),
  },
  { additionalProperties: false },
);

type Frozen<T> = T extends Secret
  ? T
  : T extends readonly (infer E)[]
    ? readonly Frozen<E>[]
    : T extends object
      ? { readonly [K in keyof T]: Frozen<T[K]> }
      : T;

/** The whole configuration, every default filled in and every secret resolved. */
export type Config = Frozen<Static<typeof configSchema>>;
