import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { installJars, javaSoftware } from '../maven.ts';
import { runServer } from '../run-server.ts';

const flume = javaSoftware('flume', 'Flume', 40);

/** Fetches the jars of `pom.xml` with Maven, once. */
export function installFlume(): void {
  installJars(flume);
}

/** A Flume that follows files. */
export interface FlumeAgent {
  readonly pid: number;
  /** Lines that are in its file channel, each transaction of them fsynced. */
  stored(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts a Flume whose taildir source writes into a file channel; what comes out of that is thrown away. */
export async function startFlume(options: {
  /** Takes its settings, its positions and the channel. */
  readonly folder: string;
  /** An expression of the paths that it follows. */
  readonly files: string;
  /** Lines of a transaction; Flume's own default is 100. */
  readonly batchLines: number;
}): Promise<FlumeAgent> {
  const { folder, files, batchLines } = options;
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const settings = join(folder, 'flume.conf');
  writeFileSync(
    settings,
    [
      'a.sources=s',
      'a.channels=c',
      'a.sinks=k',
      'a.sources.s.type=TAILDIR',
      `a.sources.s.positionFile=${join(folder, 'positions.json')}`,
      'a.sources.s.filegroups=f',
      `a.sources.s.filegroups.f=${files}`,
      `a.sources.s.batchSize=${batchLines}`,
      'a.sources.s.channels=c',
      'a.channels.c.type=file',
      `a.channels.c.checkpointDir=${join(folder, 'checkpoint')}`,
      `a.channels.c.dataDirs=${join(folder, 'data')}`,
      'a.channels.c.capacity=1000000',
      `a.channels.c.transactionCapacity=${Math.max(batchLines, 10_000)}`,
      'a.sinks.k.type=null',
      `a.sinks.k.batchSize=${batchLines}`,
      'a.sinks.k.channel=c',
    ].join('\n'),
  );
  const ask = async (): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(5000) });
    return await response.text();
  };
  const { pid, stop } = await runServer({
    program: 'java',
    arguments: [
      '-Xmx1g',
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      '-Dflume.monitoring.type=http',
      `-Dflume.monitoring.port=${port}`,
      '-cp',
      `${flume.jars}/*`,
      'org.apache.flume.node.Application',
      '--name',
      'a',
      '--conf-file',
      settings,
      '--no-reload-conf',
    ],
    log: join(folder, 'flume.log'),
    ready: async () => (await ask().catch(() => '')).includes('"CHANNEL.c"'),
  });
  return {
    pid,
    stored: async () => Number(/"EventPutSuccessCount":"(\d+)"/.exec(await ask())?.[1] ?? 0),
    stop: () => stop(),
  };
}
