import { Type } from '@sinclair/typebox';
import { oneOf, secret, section, text, whole } from './schema-parts.ts';

const file = (description: string) => Type.Optional(Type.String({ minLength: 1, description }));

/** Apache Kafka as the event log. */
export const kafkaSchema = section('Apache Kafka, when `eventLog` is kafka; see docs/guides/kafka.md.', {
  brokers: text('127.0.0.1:9092', 'One or more brokers as host:port, with commas between.', {
    pattern: '^[^\\s,]+:\\d+(,[^\\s,]+:\\d+)*$',
    expected: 'host:port, with commas between several',
  }),
  topicPrefix: text('octavo', 'The topics are `<prefix>.events` and `<prefix>.failed`.', {
    pattern: '^[a-zA-Z0-9._-]{1,200}$',
    expected: 'letters, digits, ., _ and -',
  }),
  group: text('octavo-load', 'Group of the loaders, under which Kafka’s tools show the lag.'),
  replication: whole(0, 'Copies of each partition; 0: as many as the brokers make by default.', {
    minimum: 0,
    maximum: 15,
  }),
  minInsyncReplicas: whole(
    0,
    'Copies that must have an event before it is acknowledged; 0: the brokers’ default.',
    { minimum: 0, maximum: 15 },
  ),
  retentionHours: whole(168, 'How long events stay in Kafka; longer than the longest stop of the loader.'),
  compression: oneOf(['none', 'gzip', 'snappy', 'lz4', 'zstd'], 'zstd', 'How batches are packed.'),
  deliveryTimeoutMs: whole(10_000, 'Events that Kafka has not acknowledged in this time are answered 503.', {
    minimum: 100,
  }),
  tls: oneOf(['off', 'on'], 'off', 'Whether the connections are encrypted.'),
  tlsCa: file('Certificate authorities as PEM; the machine’s own unless given.'),
  tlsCert: file('Certificate of this client as PEM, where the brokers ask for one.'),
  tlsKey: file('Its key as PEM.'),
  sasl: oneOf(
    ['off', 'PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'],
    'off',
    'How user and password are shown to the brokers.',
  ),
  user: Type.Optional(Type.String({ minLength: 1, description: 'User, with `sasl`.' })),
  password: secret('Password of the user.'),
});
