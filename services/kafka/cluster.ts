import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, openSync, rmSync, closeSync, writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endWithProcess } from '../end-with-process.ts';
import { answers, freePort } from '../free-port.ts';
import { installJars, javaSoftware } from '../maven.ts';

const kafka = javaSoftware('kafka', 'Kafka', 54);

/** Where a Kafka that runs in the background keeps its state, its data and its logs. */
export const kafkaFolder = kafka.folder;

/** Fetches the jars of `pom.xml` with Maven, once. */
export function installKafka(): void {
  installJars(kafka);
}

/** One broker, which is a controller too. */
export interface BrokerPlace {
  readonly id: number;
  readonly port: number;
  readonly controllerPort: number;
  readonly folder: string;
}

/** A listener beside the plain one of 127.0.0.1: with TLS, or with a name and a password. */
export interface SecuredListener {
  readonly port: number;
  /** What the broker says it is reached by. Default `localhost`: most certificates are for names. */
  readonly host?: string;
  readonly protocol: 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL';
  /** Further lines of `server.properties`. */
  readonly properties: readonly string[];
}

/** Where a cluster lies. */
export interface ClusterPlace {
  readonly brokers: readonly BrokerPlace[];
  readonly secured?: SecuredListener;
}

/** Chooses ports for a new cluster below a folder. */
export async function placeCluster(
  folder: string,
  count: number,
  ports: readonly number[] = [],
): Promise<ClusterPlace> {
  const brokers: BrokerPlace[] = [];
  for (let index = 0; index < count; index++) {
    const port = ports[index] ?? (await freePort());
    brokers.push({
      id: index + 1,
      port,
      controllerPort: await freePort(),
      folder: join(folder, `broker-${index + 1}`),
    });
  }
  return { brokers };
}

/** Writes the settings of every broker and formats its storage; what was there is removed. */
export function formatCluster(place: ClusterPlace): void {
  for (const broker of place.brokers) {
    rmSync(broker.folder, { recursive: true, force: true });
    mkdirSync(broker.folder, { recursive: true });
    const file = join(broker.folder, 'server.properties');
    writeFileSync(file, `${serverProperties(broker, place).join('\n')}\n`);
    const { status, stderr, stdout } = runKafkaClass(
      ['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', file],
      broker.folder,
    );
    if (status !== 0) throw new Error(`Kafka's storage could not be formatted: ${stdout}${stderr}`);
  }
}

/** Runs one of Kafka's own tools to its end. */
export function runKafkaClass(
  parameters: readonly string[],
  folder: string,
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  return spawnSync('java', [...javaOptions(256), ...parameters], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
}

/** Starts a broker and waits until it answers; it outlives this process when `detached`. */
export async function startBroker(
  broker: BrokerPlace,
  options: { readonly detached?: boolean } = {},
): Promise<ChildProcess> {
  const log = openSync(join(broker.folder, 'broker.log'), 'a');
  const child = spawn(
    'java',
    [...javaOptions(512), 'kafka.Kafka', join(broker.folder, 'server.properties')],
    {
      cwd: broker.folder,
      detached: options.detached === true,
      stdio: ['ignore', log, log],
    },
  );
  closeSync(log);
  if (options.detached === true) child.unref();
  else endWithProcess(child);
  for (let waitedMs = 0; waitedMs < startMaxMs; waitedMs += pollMs) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    if (await answers(broker.port)) return child;
    await delay(pollMs);
  }
  child.kill('SIGKILL');
  throw new Error(`Kafka did not start: ${brokerLog(broker)}`);
}

/** The last lines that a broker printed, and where the rest is. */
export function brokerLog({ folder }: BrokerPlace): string {
  const file = join(folder, 'broker.log');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  return [file, ...lines.slice(-linesShown)].join('\n');
}

/** Brokers that run in the background. */
export interface RunningKafka {
  readonly bootstrap: string;
  readonly pids: readonly number[];
}

/** Starts brokers in the background, keeping what an earlier cluster of the same size stored. */
export async function startKafka(count: number): Promise<RunningKafka> {
  const running = runningKafka();
  if (running !== undefined) return running;
  installKafka();
  const placeFile = join(kafkaFolder, `place-${count}.json`);
  let place: ClusterPlace;
  if (existsSync(placeFile)) place = JSON.parse(readFileSync(placeFile, 'utf8')) as ClusterPlace;
  else {
    place = await placeCluster(
      join(kafkaFolder, `data-${count}`),
      count,
      count === 1 ? [9092] : [9092, 9093, 9094],
    );
    formatCluster(place);
    writeFileSync(placeFile, JSON.stringify(place));
  }
  const children = await Promise.all(place.brokers.map((broker) => startBroker(broker, { detached: true })));
  const bootstrap = place.brokers.map(({ port }) => `127.0.0.1:${port}`).join(',');
  const state: RunningKafka = { bootstrap, pids: children.map(({ pid }) => pid ?? 0) };
  writeFileSync(stateFile, JSON.stringify(state));
  return state;
}

/** The brokers that were started here before and still run. */
export function runningKafka(): RunningKafka | undefined {
  if (!existsSync(stateFile)) return undefined;
  const state = JSON.parse(readFileSync(stateFile, 'utf8')) as RunningKafka;
  // Another process may have got a number since.
  const { stdout } = spawnSync('ps', ['-p', state.pids.join(','), '-o', 'args='], { encoding: 'utf8' });
  if ((stdout ?? '').includes(kafkaFolder)) return state;
  rmSync(stateFile);
  return undefined;
}

/** Stops the brokers; false when none runs. What they stored stays. */
export async function stopKafka(): Promise<boolean> {
  const state = runningKafka();
  if (state === undefined) return false;
  for (const pid of state.pids) signal(pid, 'SIGTERM');
  for (let waitedMs = 0; waitedMs < stopMaxMs && state.pids.some((pid) => signal(pid, 0)); waitedMs += pollMs)
    await delay(pollMs);
  for (const pid of state.pids) signal(pid, 'SIGKILL');
  rmSync(stateFile, { force: true });
  return true;
}

const stateFile = join(kafkaFolder, 'running.json');
const clusterId = 'b2N0YXZvLWthZmthLTAwMQ';
// A machine that is busy with other things starts it slowly.
const startMaxMs = 240_000;
const stopMaxMs = 20_000;
const pollMs = 100;
const linesShown = 15;

function javaOptions(heapMegabytes: number): readonly string[] {
  return [
    `-Xmx${heapMegabytes}m`,
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-cp',
    join(kafka.jars, '*'),
  ];
}

function serverProperties(broker: BrokerPlace, { brokers, secured }: ClusterPlace): readonly string[] {
  const replicas = Math.min(3, brokers.length);
  const least = Math.min(2, brokers.length);
  const listeners = [`PLAINTEXT://127.0.0.1:${broker.port}`];
  const advertised = [...listeners];
  const map = ['PLAINTEXT:PLAINTEXT', 'CONTROLLER:PLAINTEXT'];
  if (secured !== undefined) {
    listeners.push(`SECURED://127.0.0.1:${secured.port}`);
    advertised.push(`SECURED://${secured.host ?? 'localhost'}:${secured.port}`);
    map.push(`SECURED:${secured.protocol}`);
  }
  return [
    'process.roles=broker,controller',
    `node.id=${broker.id}`,
    `controller.quorum.voters=${brokers.map((one) => `${one.id}@127.0.0.1:${one.controllerPort}`).join(',')}`,
    `listeners=${listeners.join(',')},CONTROLLER://127.0.0.1:${broker.controllerPort}`,
    `advertised.listeners=${advertised.join(',')}`,
    `listener.security.protocol.map=${map.join(',')}`,
    'inter.broker.listener.name=PLAINTEXT',
    'controller.listener.names=CONTROLLER',
    `log.dirs=${join(broker.folder, 'data')}`,
    'auto.create.topics.enable=false',
    `default.replication.factor=${replicas}`,
    `min.insync.replicas=${least}`,
    `offsets.topic.replication.factor=${replicas}`,
    'offsets.topic.num.partitions=4',
    `transaction.state.log.replication.factor=${replicas}`,
    `transaction.state.log.min.isr=${least}`,
    'transaction.state.log.num.partitions=4',
    // A broker that is gone is noticed soon: these run on one machine.
    'broker.session.timeout.ms=4000',
    'broker.heartbeat.interval.ms=1000',
    'group.initial.rebalance.delay.ms=200',
    'num.network.threads=2',
    'num.io.threads=4',
    ...(secured?.properties ?? []),
  ];
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}
