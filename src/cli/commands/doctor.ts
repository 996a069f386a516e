import { access, statfs } from 'node:fs/promises';
import type { Command } from 'commander';
import { OctavoError } from '../../base/index.ts';
import { answerOf, optionsOf, withPlatform, type Cli } from '../command.ts';
import type { Platform } from '../platform.ts';

interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'warning' | 'wrong';
  readonly detail: string;
}

const freeBytesMin = 2 * 1024 ** 3;

/** `octavo doctor` */
export function registerDoctor(program: Command, cli: Cli): void {
  program
    .command('doctor')
    .description(
      'Look whether everything is well: machine, configuration, tables and their files, models, editions.',
    )
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf(command);
      const answer = answerOf(cli, options);
      await withPlatform(cli, options, async (platform) => {
        const findings: Finding[] = [];
        for (const check of checks) {
          try {
            findings.push(...(await check(platform)));
          } catch (error) {
            const known = error instanceof OctavoError ? `${error.message} (${error.hint})` : String(error);
            findings.push({ check: check.name, status: 'wrong', detail: known });
          }
        }
        answer.rows(findings.map((finding) => ({ ...finding })));
        const wrong = findings.filter(({ status }) => status === 'wrong').length;
        answer.say(wrong === 0 ? '\neverything is well' : `\n${wrong} things are wrong`);
        if (wrong > 0) process.exitCode = 1;
      });
    });
}

const checks: readonly ((platform: Platform) => Promise<readonly Finding[]>)[] = [
  machine,
  project,
  tables,
  engine,
  editions,
];

async function machine({ dataFolder }: Platform): Promise<readonly Finding[]> {
  const { bavail, bsize } = await statfs(dataFolder);
  const free = bavail * bsize;
  return [
    { check: 'node', status: 'ok', detail: process.version },
    {
      check: 'disk',
      status: free < freeBytesMin ? 'warning' : 'ok',
      detail: `${(free / 1024 ** 3).toFixed(1)} GiB free`,
    },
  ];
}

async function project({
  project: { root, lists, metrics, recommenders },
  registry,
}: Platform): Promise<readonly Finding[]> {
  const counts = `${lists.length} lists, ${metrics.size} metrics, ${recommenders.length} recommenders, ${registry.tasks.length} tasks`;
  return [{ check: 'project', status: 'ok', detail: `${root}: ${counts}` }];
}

async function tables({ warehouse }: Platform): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { id, metadata } of await warehouse.tables()) {
    const name = `${id.namespace}.${id.name}`;
    const snapshot = metadata.snapshots.find((one) => one['snapshot-id'] === metadata['current-snapshot-id']);
    if (snapshot === undefined) continue;
    const pins = { [name]: snapshot['snapshot-id'] };
    const { rows } = await warehouse.query(`select count(*) as n from ${name}`, { pins });
    const [counted, stated] = [Number(rows[0]?.['n']), Number(snapshot.summary['total-records'])];
    await access(snapshot['manifest-list'].replace(/^file:(\/\/)?(?=\/)/, ''));
    const equal = counted === stated;
    const detail = equal ? `${counted} rows` : `${counted} rows can be read, the snapshot states ${stated}`;
    findings.push({ check: name, status: equal ? 'ok' : 'wrong', detail });
  }
  return findings;
}

async function engine({ warehouse }: Platform): Promise<readonly Finding[]> {
  const { rows } = await warehouse.query('select version() as version');
  return [{ check: 'engine', status: 'ok', detail: `DuckDB ${String(rows[0]?.['version'])}` }];
}

async function editions({ store }: Platform): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const kind of ['bestseller', 'recommend', 'statistic'] as const) {
    for (const name of await store.names(kind)) {
      const edition = await store.current(kind, name);
      if (edition === undefined) continue;
      findings.push({
        check: `${kind} ${name}`,
        status: 'ok',
        detail: `${edition.business_day}, revision ${edition.revision}`,
      });
    }
  }
  return findings;
}
