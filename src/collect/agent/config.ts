import { Type, type Static, type TSchema } from '@sinclair/typebox';
import { kafkaCompressions } from '../kafka/compressions.ts';

const text = (description: string) => Type.String({ minLength: 1, description });
const optional = (description: string) => Type.Optional(text(description));
const texts = (description: string) => Type.Union([text(description), Type.Array(text(description))]);
const statuses = Type.Tuple([Type.Integer(), Type.Integer()], { description: 'From and to.' });
const closed = { additionalProperties: false } as const;
/** May be missing in the file: the default is filled in, so the type has it always. */
const filled = <T extends TSchema>(schema: T): T => Type.Optional(schema) as unknown as T;
const seconds = (description: string, value: number) =>
  filled(Type.Number({ minimum: 0, maximum: 86_400, default: value, description }));

const route = Type.Object(
  {
    path: text('`/books/:id`; `*` at the end stands for any further parts.'),
    method: Type.Optional(texts('Default GET.')),
    status: Type.Optional(statuses),
    kind: text('Kind of the event.'),
    item: optional('Title that it is about: `:id`, `?id`.'),
    reader: optional("Reader, when it is not the log's user: `?reader`."),
    properties: Type.Optional(Type.Record(Type.String(), Type.String())),
  },
  closed,
);
const drop = Type.Union([
  Type.Literal('assets'),
  Type.Literal('health'),
  Type.Object(
    {
      name: text('Under which they are counted.'),
      path: optional('`/static/*`, `*.{css,js}`.'),
      agent: optional('`kube-probe/*`.'),
      method: optional('`OPTIONS`.'),
      status: Type.Optional(statuses),
    },
    closed,
  ),
]);
const multiline = Type.Object(
  {
    begins: optional('Expression of a line that begins a record.'),
    continues: optional('Expression of a line that goes on with the record before.'),
    lines: filled(
      Type.Integer({ minimum: 1, maximum: 10_000, default: 500, description: 'Most lines of a record.' }),
    ),
    timeout_seconds: seconds('A record without a successor is whole after so long.', 5),
  },
  closed,
);
const formatNames = ['combined', 'common', 'nginx', 'alb', 'json', 'logfmt', 'regex'] as const;

const input = Type.Object(
  {
    files: texts('Patterns of paths, `/var/log/nginx/access.log*`.'),
    exclude: Type.Optional(texts('Patterns of paths, or of names alone, that are left out.')),
    format: filled(
      Type.Union(
        formatNames.map((name) => Type.Literal(name)),
        { default: 'combined' },
      ),
    ),
    pattern: optional(
      "nginx's log_format, as it stands in nginx.conf or its text alone, with `format: nginx`; or the expression, with `format: regex`.",
    ),
    fields: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'Names of the fields.' })),
    keep: Type.Optional(Type.Array(Type.String(), { description: 'Further fields, kept as properties.' })),
    trusted_proxies: Type.Optional(
      texts(
        'Proxies whose X-Forwarded-For in the log is believed: addresses, networks such as 10.0.0.0/8, `loopback`, `private`.',
      ),
    ),
    time: optional('`clf`, `iso`, `epoch`, or a pattern with `%Y %m %d %H %M %S %f %b %z`.'),
    timezone: filled(Type.String({ default: 'UTC', description: 'Of times that do not say theirs.' })),
    encoding: filled(Type.String({ default: 'utf-8', description: 'Of bytes beyond ASCII, e.g. `euc-kr`.' })),
    multiline: Type.Optional(multiline),
    line_bytes: filled(
      Type.Integer({ minimum: 256, maximum: 48 * 1024, default: 16 * 1024, description: 'Longest line.' }),
    ),
    site: optional('Put before paths when the log has no host: `https://books.example`.'),
    app: optional('Name of the program whose log it is.'),
    api: Type.Optional(texts('Paths that are of an API and not of a page, `/api/*`.')),
    kind: optional('Kind of lines that are no requests.'),
    routes: Type.Optional(Type.Array(route)),
    drop: Type.Optional(Type.Array(drop)),
  },
  closed,
);
const sessions = Type.Object(
  {
    idle_minutes: filled(
      Type.Number({ minimum: 1, maximum: 1440, default: 30, description: 'A visit ends after it.' }),
    ),
    reorder_seconds: seconds('How much older than its predecessors a line may be.', 2),
  },
  closed,
);

const kafka = Type.Object(
  {
    brokers: text('One or more brokers as host:port, with commas between.'),
    topic_prefix: filled(
      Type.String({
        minLength: 1,
        default: 'octavo',
        description: 'Of the topics, `<prefix>.events` and `.failed`.',
      }),
    ),
    partitions: filled(
      Type.Integer({
        minimum: 1,
        maximum: 10_000,
        default: 1,
        description: 'Of the events, at least; more are used when they are there.',
      }),
    ),
    compression: filled(
      Type.Union(
        kafkaCompressions.map((name) => Type.Literal(name)),
        { default: 'zstd' },
      ),
    ),
    tls: Type.Optional(
      Type.Object(
        { ca: optional('File, PEM.'), cert: optional('File, PEM.'), key: optional('File, PEM.') },
        { ...closed, description: 'Encrypts the connections; `{}` trusts the authorities of the machine.' },
      ),
    ),
    sasl: Type.Optional(
      Type.Object(
        {
          mechanism: Type.Union([
            Type.Literal('PLAIN'),
            Type.Literal('SCRAM-SHA-256'),
            Type.Literal('SCRAM-SHA-512'),
          ]),
          user: text('Name.'),
          password_file: text('File with the password.'),
        },
        closed,
      ),
    ),
  },
  closed,
);

/** An agent's configuration file. */
export const shipConfigSchema = Type.Object(
  {
    name: optional('Of this agent, a part of its ids. Default: the name of the machine.'),
    state: filled(
      Type.String({ default: './octavo-ship', description: 'Folder in which it keeps how far it is.' }),
    ),
    to: Type.Object(
      {
        url: optional("The collector's address, `https://collect.example/v1/events`."),
        key_file: optional('File with the key. Default: the environment variable OCTAVO_SHIP_KEY.'),
        journal: optional('Folder of an event log on this machine, instead of a collector.'),
        kafka: Type.Optional(kafka),
        source: optional('Source that events carry in a journal or in Kafka. Default: `ship`.'),
      },
      closed,
    ),
    inputs: Type.Array(input, { minItems: 1 }),
    sessions: Type.Optional(Type.Union([sessions, Type.Literal(false)])),
    metrics: Type.Optional(
      Type.Object(
        {
          host: filled(Type.String({ default: '127.0.0.1' })),
          port: Type.Integer({ minimum: 0, maximum: 65_535, description: 'Of `/metrics`.' }),
        },
        closed,
      ),
    ),
    scan_seconds: seconds('How often new files are looked for.', 1),
    idle_close_minutes: filled(Type.Number({ minimum: 0, maximum: 1440, default: 5 })),
    forget_days: filled(Type.Number({ minimum: 0, maximum: 3650, default: 30 })),
    queue_bytes: filled(
      Type.Integer({ minimum: 1_000_000, maximum: 2_000_000_000, default: 32 * 1024 * 1024 }),
    ),
  },
  closed,
);
export type ShipConfig = Static<typeof shipConfigSchema>;
export type InputConfig = Static<typeof input>;
export type KafkaConfig = Static<typeof kafka>;
