import {
  AclOperations,
  kGetApi,
  kGetBootstrapConnection,
  type Admin,
  type Connection,
} from '@platformatic/kafka';
import { OctavoError } from '../../base/index.ts';
import { unavailable } from './kafka-error.ts';
import type { KafkaConnection } from './kafka-options.ts';
import { withAdmin } from './topic.ts';

/**
 * Sees that this user may write into a topic, without a record: the brokers tell what it may do there; of one that is to be made
 * they try everything but making it. Errors: `log_denied`, `log_unavailable`.
 */
export async function tryWriting(
  connection: KafkaConnection,
  topic: string,
  isThere: boolean,
): Promise<void> {
  try {
    await withAdmin(connection, async (admin) => {
      if (isThere) await mayWrite(admin, topic);
      else await mayMake(admin, topic);
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

async function mayMake(admin: Admin, topic: string): Promise<void> {
  const made = { name: topic, numPartitions: -1, replicationFactor: -1, assignments: [], configs: [] };
  const validateOnly = true;
  await ask(admin, 'CreateTopics', [[made], answerMs, validateOnly]);
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
