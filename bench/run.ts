// Runs the benchmarks one after the other, each in a process of its own: node bench/run.ts [name...] [--flags]
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const suffix = '.bench.ts';

/** What each measures; the first of a group has its name. */
const about: Readonly<Record<string, string>> = {
  collector:
    'journal and Kafka: events/s, latency at fixed rates and at full load, memory over 10 minutes; beside a bare server and nginx',
  ship: 'the log agent: lines/s of an access log into the event log, beside Apache Flume',
  load: 'the loader: events/s from the journal and from Kafka into the table, and from accepted to queryable',
  extract: 'rows/s from MariaDB and PostgreSQL into the warehouse, beside mariadb-dump and pg_dump',
  tracker: 'bytes of the script for pages',
  enrich: 'what enrichment costs for an event',
  batch: 'what a task costs the runner',
  bestseller: 'a morning of the bestseller lists, from sealed sales to published lists',
  recommend: 'titles and readers: from sales to the top 100 of everyone',
  api: 'reads of lists and recommendations: requests/s and latency',
  pages: 'pages of statistics over three years of days',
  console: 'first visit of the console in a cold browser',
};

/** Names for several. */
const groups: Readonly<Record<string, readonly string[]>> = {
  collect: ['collector', 'ship', 'load', 'extract', 'tracker'],
};

const flags: Readonly<Record<string, string>> = {
  '--small': 'a quick look at each, in seconds',
  '--minutes=N':
    'collector: how long memory is watched, for each log (default 10; with --small 0.2; 0: not at all)',
  '--connections=N': 'collector: how many connections bring the load (default 64)',
  '--profile=FOLDER': 'collector: writes profiles of its processor time there',
  '--directory=FOLDER':
    'collector, load, bestseller: where the files lie (default: the folder for temporary files)',
  '--kafka=HOST:PORT': 'load: a Kafka that runs (default: one of its own)',
  '--url=URL, --against=URL': 'console: a platform that runs, and another beside it',
};

function help(): string {
  const table = (rows: readonly (readonly [string, string])[]): string =>
    rows.map(([name, text]) => `  ${name.padEnd(nameWidth)} ${text}\n`).join('');
  const grouped = Object.entries(groups).map(([name, names]) => [name, names.join(', ')] as const);
  return (
    'usage: npm run bench -- [name...] [flags]\n\nMeasures; all there is, when nothing is named. Every figure is printed beside its ' +
    'goal, and beside a floor from the same run.\nWhat needs a server that is not installed is left out, with a line that says so.\n' +
    `\nnames\n${table(Object.entries(about))}\ngroups\n${table(grouped)}\nflags\n${table(Object.entries(flags))}`
  );
}

const nameWidth = 24;
const known = readdirSync(here)
  .filter((name) => name.endsWith(suffix))
  .map((name) => name.slice(0, -suffix.length));
const given = process.argv.slice(2);
const passed = given.filter((argument) => argument.startsWith('-'));
const asked = given.filter((argument) => !argument.startsWith('-')).flatMap((name) => groups[name] ?? [name]);
const unknown = asked.find((name) => !known.includes(name));
if (passed.includes('--help') || passed.includes('-h')) {
  process.stdout.write(help());
} else if (unknown !== undefined) {
  process.stderr.write(`there is no benchmark '${unknown}'\n\n${help()}`);
  process.exitCode = 2;
} else {
  let failed = 0;
  for (const name of asked.length === 0 ? known : new Set(asked)) {
    process.stdout.write(`\n== ${name}\n`);
    const { status } = spawnSync(process.execPath, [join(here, name + suffix), ...passed], {
      stdio: 'inherit',
    });
    if (status !== 0) failed += 1;
  }
  process.exitCode = failed === 0 ? 0 : 1;
}
