import {
  AclOperations,
  kGetApi,
  kGetBootstrapConnection,
  type Admin,
  type Connection,
} from '@platformatic/kafka';
import { OctavoError } from '../../base/index.ts';
import { isApiError, unavailable } from './kafka-error.ts';
import type { KafkaConnection } from './kafka-options.ts';
import { madeWith, unmade, withAdmin, type NewTopic } from './topic.ts';

/**
 * Sees that this user may write into a topic, without a record: the brokers tell what it may do there; of one that is to be made
 * they try everything but making it, where the one that is asked can. Errors: `log_denied`, `log_topic_unfit`, `log_unavailable`.
 */
export async function tryWriting(
  connection: KafkaConnection,
  made: NewTopic,
  isThere: boolean,
): Promise<void> {
  const { topic } = made;
  try {
    await withAdmin(connection, async (admin) => {
      if (isThere) await mayWrite(admin, topic);
      else await mayMake(admin, made);
    });
  } catch (error) {
    throw unavailable(error, isThere ? `topic ${topic}` : `topic ${topic}, which is to be made`);
  }
}

async function mayWrite(admin: Admin, topic: string): Promise<void> {
  const { topics } = await ask<Metadata>(admin, 'Metadata', [[topic], false, true]);
  const operations = topics.find(({ name }) => name === topic)?.topicAuthorizedOperations ?? untold;
  const may = operations === untold || (operations & (1 << AclOperations.WRITE)) !== 0;
  if (!may) throw new OctavoError('log_denied', `topic ${topic}: this user may not write into it`);
}

/** A number of bits, one for each operation (https://kafka.apache.org/protocol#The_Messages_Metadata). */
interface Metadata {
  readonly topics: readonly { readonly name: string | null; readonly topicAuthorizedOperations: number }[];
}

/** Of brokers that do not tell it. */
const untold = -2147483648;

async function mayMake(admin: Admin, made: NewTopic): Promise<void> {
  const { partitions: numPartitions, replicas: replicationFactor, configs } = madeWith(made);
  const topic = { name: made.topic, numPartitions, replicationFactor, assignments: [], configs };
  const validateOnly = true;
  try {
    await ask(admin, 'CreateTopics', [[topic], answerMs, validateOnly]);
  } catch (error) {
    if (!isUntold(error)) throw unmade(error, made);
  }
}

/** Whether a broker cannot tell: of clusters with ZooKeeper only the controller can. Another process of ours may have been first. */
export function isUntold(thrown: unknown): boolean {
  return isApiError(thrown, 'NOT_CONTROLLER', 'TOPIC_ALREADY_EXISTS');
}

/** Asks what the client knows how to ask, but has no function for. */
async function ask<T>(admin: Admin, name: string, request: readonly unknown[]): Promise<T> {
  const connection = await answered<Connection>((done) => admin[kGetBootstrapConnection](done));
  const api = await answered<Api>((done) => admin[kGetApi](name, done));
  return await answered<T>((done) => api(connection, ...request, done));
}

type Done<T> = (error: Error | null, value?: T) => void;
type Api = (connection: Connection, ...request: readonly unknown[]) => void;

function answered<T>(begin: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    begin((error, value) => {
      if (error === null) resolve(value as T);
      else reject(error);
    });
  });
}

const answerMs = 5_000;
