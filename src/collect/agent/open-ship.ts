import { join, resolve } from 'node:path';
import {
  lockFolder,
  OctavoError,
  type Clock,
  type FolderLock,
  type Logger,
  type Storage,
} from '../../base/index.ts';
import { openJournal } from '../journal/open-journal.ts';
import { openAgent, type Agent } from './agent.ts';
import type { ShipConfig } from './config.ts';
import { createHttpSink } from './deliver/http-sink.ts';
import { createLogSink } from './deliver/log-sink.ts';
import type { Sink } from './deliver/sink.ts';
import { kafkaOpener } from './deliver/kafka-topics.ts';
import { machineLogFiles } from './file/log-files.ts';
import { compileInput } from './input.ts';

/** What an agent is started with. */
export interface ShipOptions {
  readonly config: ShipConfig;
  /** The machine's name, for an agent without one. */
  readonly hostName: string;
  /** The collector's key, when the configuration names no file with it. */
  readonly key: string | undefined;
  /** Folder that paths of the configuration start at. */
  readonly workingDirectory: string;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  /** Reads what there is, and ends. */
  readonly once: boolean;
}

/** An agent with its folder held. */
export interface Ship {
  readonly agent: Agent;
  /** Lets others have the folder. */
  close(): Promise<void>;
}

/** Opens the agent that a configuration describes. Errors: `ship_config_invalid`, `ship_state_damaged`, `locked`. */
export async function openShip(options: ShipOptions): Promise<Ship> {
  const { config, hostName, workingDirectory, storage, clock, logger, once } = options;
  const directory = stateDirectory(config, workingDirectory);
  await storage.makeDirectory(directory);
  const lock: FolderLock = lockFolder(join(directory, 'lock.db'), {
    pid: process.pid,
    command: 'octavo ship',
  });
  try {
    const { sink, close } = await openSink(options);
    const { sessions } = config;
    const agent = await openAgent({
      name: config.name ?? hostName,
      inputs: config.inputs.map((input) => compileInput(absolute(input, workingDirectory), sink.wholeIp)),
      sink,
      files: machineLogFiles(),
      storage,
      directory,
      clock,
      logger,
      once,
      sessions:
        sessions === false
          ? undefined
          : {
              idleMs: (sessions?.idle_minutes ?? 30) * 60_000,
              reorderMs: (sessions?.reorder_seconds ?? 2) * 1000,
            },
      queueBytesMax: config.queue_bytes,
      idleMs: config.idle_close_minutes * 60_000,
      forgetMs: config.forget_days * 86_400_000,
      scanMs: config.scan_seconds * 1000,
    }).catch(async (error: unknown) => {
      await close();
      throw error;
    });
    return {
      agent,
      close: async () => {
        try {
          await close();
        } finally {
          lock.release();
        }
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The folder in which an agent keeps how far it is. */
export function stateDirectory(config: ShipConfig, workingDirectory: string): string {
  return resolve(workingDirectory, config.state);
}

/** Patterns of paths start at the working directory. */
export function absolute<T extends { readonly files: string | string[] }>(
  input: T,
  workingDirectory: string,
): T {
  return { ...input, files: [input.files].flat().map((pattern) => resolve(workingDirectory, pattern)) };
}

async function openSink(options: ShipOptions): Promise<{ readonly sink: Sink; close(): Promise<void> }> {
  const { config, workingDirectory, storage, clock, random, logger, once } = options;
  const { url, journal, kafka, source = 'ship' } = config.to;
  if (kafka !== undefined) {
    const open = kafkaOpener(kafka, { storage, workingDirectory, logger });
    const events = await open('events', kafka.partitions);
    const failed = await open('failed', 1).catch(async (error: unknown) => {
      await events.close();
      throw error;
    });
    return {
      sink: createLogSink({ events, failed, source, clock, random, logger }),
      close: async () => {
        await Promise.all([events.close(), failed.close()]);
      },
    };
  }
  if (journal !== undefined) {
    const folder = resolve(workingDirectory, journal);
    const open = (topic: string, partitions: number) =>
      openJournal({ storage, directory: join(folder, topic), partitions, logger });
    const events = await open('events', journalPartitions);
    const failed = await open('failed', 1);
    return {
      sink: createLogSink({ events, failed, source, clock, random, logger }),
      close: async () => {
        await Promise.all([events.close(), failed.close()]);
      },
    };
  }
  const key = await keyOf(options);
  const sink = createHttpSink({ url: url ?? '', key, clock, random, logger, failFast: once });
  return { sink, close: async () => undefined };
}

const journalPartitions = 2;

/** The key for a collector. Errors: `ship_config_invalid`. */
export async function keyOf({
  config,
  key,
  storage,
  workingDirectory,
}: Pick<ShipOptions, 'config' | 'key' | 'storage' | 'workingDirectory'>): Promise<string> {
  const file = config.to.key_file;
  const read = async (path: string): Promise<string> => {
    try {
      return (await storage.read(resolve(workingDirectory, path))).toString('utf8').trim();
    } catch (cause) {
      throw new OctavoError('ship_config_invalid', `to.key_file: ${path} cannot be read`, { cause });
    }
  };
  const found = file === undefined ? key : await read(file);
  if (found === undefined || found === '')
    throw new OctavoError('ship_config_invalid', 'there is no key: set OCTAVO_SHIP_KEY, or to.key_file');
  return found;
}
