import { join } from 'node:path';
import { inspectDamage, inspectJournal, inspectTopic } from '../collect/index.ts';
import { loadedOffsets, type LogTopic } from '../warehouse/index.ts';
import { kafkaConnection, kafkaTopic } from './event-logs.ts';
import type { Platform } from './platform.ts';

/** How far one partition of the event log is loaded. */
export interface PartitionStanding {
  readonly partition: number;
  readonly start: number;
  readonly end: number;
  readonly loaded: number;
}

/** How an event log stands beside the warehouse. */
export interface LogStanding {
  readonly topic: LogTopic;
  /** `journal`, or the topic in Kafka. */
  readonly place: string;
  readonly partitions: readonly PartitionStanding[];
  /** Records that are not in the warehouse yet. */
  readonly waiting: number;
  /** What is damaged or at risk, in sentences. */
  readonly wrong: readonly string[];
  readonly warnings: readonly string[];
}

type Parts = Pick<Platform, 'config' | 'project' | 'storage' | 'dataFolder' | 'warehouse'>;

/** Looks at the log beside the processes that use it. Errors: `log_unavailable`. */
export async function logStanding(parts: Parts, topic: LogTopic): Promise<LogStanding> {
  return parts.config.eventLog === 'kafka' ? kafkaStanding(parts, topic) : journalStanding(parts, topic);
}

async function journalStanding(
  { storage, dataFolder, warehouse }: Parts,
  topic: LogTopic,
): Promise<LogStanding> {
  const loaded = await loadedOffsets(warehouse);
  const files = await inspectJournal(storage, join(dataFolder, topic));
  const partitions = files.map(({ partition, start, end }) => {
    return { partition, start, end, loaded: loaded(topic, partition) };
  });
  const wrong = files.flatMap(({ partition, damage }) =>
    damage.map(
      ({ file, offsetBytes, reason }) =>
        `${place(topic, partition)}/${file} at byte ${offsetBytes ?? 0}: ${reason}`,
    ),
  );
  return { topic, place: 'journal', partitions, waiting: waitingOf(partitions), wrong, warnings: [] };
}

async function kafkaStanding({ config, project, warehouse }: Parts, topic: LogTopic): Promise<LogStanding> {
  const name = kafkaTopic(config, topic);
  const connection = await kafkaConnection(config, project.root);
  const inspected = await inspectTopic(connection, name);
  if (inspected === undefined)
    return {
      topic,
      place: name,
      partitions: [],
      waiting: 0,
      wrong: [],
      warnings: [`${name} is not there yet`],
    };
  const loaded = await loadedOffsets(warehouse);
  const { id, spans, identity, replication, minInsyncReplicas, retentionMs } = inspected;
  const partitions = spans.map(({ partition, start, end }) => {
    return { partition, start, end, loaded: loaded(topic, partition, identity) };
  });
  const warnings = spans
    .filter(({ inSync }) => inSync < replication)
    .map(({ partition, inSync }) => `${name}/${partition} has ${inSync} of ${replication} copies in sync`);
  const wantedMs = config.kafka.retentionHours * hourMs;
  if (retentionMs >= 0 && retentionMs < wantedMs)
    warnings.push(
      `${name} keeps records ${Math.round(retentionMs / hourMs)} h, kafka.retentionHours is ${config.kafka.retentionHours}`,
    );
  const wrong = spans
    .filter(({ inSync }) => inSync < minInsyncReplicas)
    .map(
      ({ partition }) => `${name}/${partition} takes no events until ${minInsyncReplicas} copies are in sync`,
    );
  const waiting = partitions.filter(({ start, end, loaded: to }) => start <= to && to < end);
  const places = waiting.map(({ partition, loaded: offset }) => ({ partition, offset }));
  const damaged = await inspectDamage(connection, { name, id }, places);
  wrong.push(...damaged.map(({ reason }) => reason));
  return { topic, place: name, partitions, waiting: waitingOf(partitions), wrong, warnings };
}

const hourMs = 3_600_000;

function waitingOf(partitions: readonly PartitionStanding[]): number {
  return partitions.reduce((sum, { end, loaded }) => sum + Math.max(0, end - loaded), 0);
}

function place(topic: string, partition: number): string {
  return `${topic}/${String(partition).padStart(4, '0')}`;
}
