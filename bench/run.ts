// Runs the benchmarks one after the other, each in a process of its own: node bench/run.ts [name...] [--small]
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const suffix = '.bench.ts';
const known = readdirSync(here)
  .filter((name) => name.endsWith(suffix))
  .map((name) => name.slice(0, -suffix.length));
const given = process.argv.slice(2);
const flags = given.filter((argument) => argument.startsWith('--'));
const asked = given.filter((argument) => !argument.startsWith('--'));
const unknown = asked.find((name) => !known.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`there is no benchmark '${unknown}', known are ${known.join(', ')}\n`);
  process.exit(2);
}
let failed = 0;
for (const name of asked.length === 0 ? known : asked) {
  process.stdout.write(`\n== ${name}\n`);
  const { status } = spawnSync(process.execPath, [join(here, name + suffix), ...flags], { stdio: 'inherit' });
  if (status !== 0) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;
