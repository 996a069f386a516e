import { dirname, join, resolve } from 'node:path';
import { folderHolder, toOctavoError, type Clock, type ErrorCode, type Storage } from '../../base/index.ts';
import { inspectTopic, tryWriting } from '../kafka/lazy.ts';
import type { NewTopic } from '../kafka/topic.ts';
import type { KafkaConfig, ShipConfig } from './config.ts';
import { askCollector } from './deliver/http-sink.ts';
import { kafkaConnection, topicSettings } from './deliver/kafka-topics.ts';
import { keyOf, stateDirectory } from './open-ship.ts';

/** One thing that was looked at before an agent is started. */
export interface ShipCheck {
  /** A file, a pattern that no file has, the folder of the state, or where the events go. */
  readonly what: string;
  readonly ok: boolean;
  /** What was found. */
  readonly finding: string;
  /** Of what went wrong, where it is an error with a code. */
  readonly code?: ErrorCode;
}

/** What a check works with. */
export interface CheckOptions {
  readonly config: ShipConfig;
  readonly key: string | undefined;
  readonly workingDirectory: string;
  readonly storage: Storage;
  readonly clock: Clock;
}

/** Whether the agent can keep how far it is. */
export async function stateCheck({ config, workingDirectory, storage }: CheckOptions): Promise<ShipCheck> {
  const what = stateDirectory(config, workingDirectory);
  const holder = folderHolder(join(what, 'lock.db'));
  if (holder !== undefined)
    return { what, ok: true, finding: `an agent works with this state now (process ${holder.pid})` };
  return await found(what, async () => `the state can be written${await tryFolder(storage, what)}`);
}

/** Whether the events would be taken. */
export async function targetChecks(options: CheckOptions): Promise<readonly ShipCheck[]> {
  const { url, journal, kafka } = options.config.to;
  if (kafka !== undefined) return await topicChecks(kafka, options);
  if (journal !== undefined) return [await journalCheck(journal, options)];
  const what = url ?? '';
  return [
    await found(what, async () => {
      await askCollector(what, await keyOf(options), options.clock);
      return 'the collector answers, and takes events with this key';
    }),
  ];
}

async function journalCheck(
  journal: string,
  { config, workingDirectory, storage }: CheckOptions,
): Promise<ShipCheck> {
  const what = resolve(workingDirectory, journal);
  const holder = folderHolder(join(what, 'events', 'lock.db'));
  const own = folderHolder(join(stateDirectory(config, workingDirectory), 'lock.db'));
  if (holder !== undefined && holder.pid !== own?.pid)
    return { what, ok: false, finding: `process ${holder.pid} writes into this journal, and only one can` };
  return await found(what, async () => `the journal can be written${await tryFolder(storage, what)}`);
}

async function topicChecks(kafka: KafkaConfig, options: CheckOptions): Promise<readonly ShipCheck[]> {
  const checks: ShipCheck[] = [];
  for (const [name, partitions] of [
    ['events', kafka.partitions],
    ['failed', 1],
  ] as const) {
    const topic = { topic: `${kafka.topic_prefix}.${name}`, partitions, settings: topicSettings };
    checks.push(await topicCheck(`${kafka.brokers} ${topic.topic}`, kafka, topic, options));
  }
  return checks;
}

async function topicCheck(
  what: string,
  kafka: KafkaConfig,
  topic: NewTopic,
  options: CheckOptions,
): Promise<ShipCheck> {
  try {
    const connection = await kafkaConnection(kafka, options);
    const facts = await inspectTopic(connection, topic.topic);
    await tryWriting(connection, topic, facts !== undefined);
    if (facts === undefined)
      return { what, ok: true, finding: 'the brokers answer; the topic is made when the agent starts' };
    const { unfitness } = await import('../kafka/topic.ts');
    const wrong = unfitness(facts, topic);
    if (wrong !== undefined)
      return { what, ok: false, finding: `the topic ${wrong}`, code: 'log_topic_unfit' };
    const leaderless = facts.spans.filter(({ leader }) => leader < 0).length;
    if (leaderless > 0)
      return { what, ok: false, finding: `${leaderless} partitions have no leader: nothing can be written` };
    const { partitions, replication, minInsyncReplicas } = facts;
    const having = `${partitions} partitions, ${replication} copies, min.insync.replicas ${minInsyncReplicas}`;
    return {
      what,
      ok: true,
      finding: `the brokers answer, and let this user write; the topic has ${having}`,
    };
  } catch (thrown) {
    return failed(what, thrown);
  }
}

function failed(what: string, thrown: unknown): ShipCheck {
  const { message, code } = toOctavoError(thrown);
  return { what, ok: false, finding: message, code };
}

async function found(what: string, look: () => Promise<string>): Promise<ShipCheck> {
  try {
    return { what, ok: true, finding: await look() };
  } catch (thrown) {
    return failed(what, thrown);
  }
}

/** Makes a file and removes it again, in the folder or the nearest that is there; says which that was. Errors: those of a storage. */
async function tryFolder(storage: Storage, folder: string): Promise<string> {
  let place = folder;
  while (place !== dirname(place) && (await storage.stat(place)) === undefined) place = dirname(place);
  const probe = join(place, `.octavo-check-${process.pid}`);
  await storage.remove(probe);
  await storage.create(probe, '');
  await storage.remove(probe);
  return place === folder ? '' : `; its folder is made in ${place}`;
}
