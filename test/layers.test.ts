import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';

const root = dirname(import.meta.dirname);

async function lint(
  files: Readonly<Record<string, string>>,
): Promise<{ readonly status: number | null; readonly output: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-layers-'));
  try {
    await cp(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const result = spawnSync(join(root, 'node_modules', '.bin', 'oxlint'), ['src'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { status: result.status, output: result.stdout + result.stderr };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const base = {
  'src/base/index.ts': 'export const one = 1;\n',
  'src/base/other.ts': 'export const two = 2;\n',
};

test('an arrow of the folder table passes', async () => {
  const { status, output } = await lint({
    ...base,
    'src/batch/a.ts': "import { one } from '../base/index.ts';\nexport const a = one;\n",
  });
  assert.equal(status, 0, output);
});

test('an arrow against the folder table fails', async () => {
  for (const path of ['src/base/a.ts', 'src/event/a.ts']) {
    const { status, output } = await lint({
      'src/batch/index.ts': 'export const one = 1;\n',
      [path]: "import { one } from '../batch/index.ts';\nexport const a = one;\n",
    });
    assert.notEqual(status, 0, output);
    assert.match(output, /folder table/);
  }
});

test('an import past a door fails, from a subfolder too', async () => {
  for (const [path, up] of [
    ['src/batch/a.ts', '../'],
    ['src/batch/deep/a.ts', '../../'],
  ] as const) {
    const { status, output } = await lint({
      ...base,
      [path]: `import { two } from '${up}base/other.ts';\nexport const a = two;\n`,
    });
    assert.notEqual(status, 0, output);
    assert.match(output, /through its door/);
  }
});

test('a circle of imports and the machine’s own clock fail', async () => {
  const circle = await lint({
    'src/base/a.ts': "import { b } from './b.ts';\nexport const a = (): number => b();\n",
    'src/base/b.ts': "import { a } from './a.ts';\nexport const b = (): number => a();\n",
  });
  assert.match(circle.output, /no-cycle/);
  const clock = await lint({ 'src/event/a.ts': 'export const now = (): number => Date.now();\n' });
  assert.notEqual(clock.status, 0);
  assert.match(clock.output, /Take a Clock/);
});

test('a command that needs no Kafka, page server, mailer or browser loads none of their packages', async () => {
  const loaded = await packagesOf(join(root, 'src', 'cli', 'main.ts'));
  assert.ok(loaded.has('commander'), 'the walk finds what is loaded');
  for (const name of ['@platformatic/kafka', 'fastify', '@fastify/swagger', 'nodemailer', 'playwright-core'])
    assert.deepEqual(loaded.get(name) ?? [], [], `${name} is loaded at the start, by these files`);
});

/** Packages that a module loads before it does anything, whatever stands between, with the files that import them. */
async function packagesOf(entry: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const packages = new Map<string, string[]>();
  const files = new Set([entry]);
  for (const file of files) {
    const text = await readFile(file, 'utf8');
    for (const [, wanted = ''] of text.matchAll(/^(?:import|export)\b(?! type\b)[^;]*?\bfrom '([^']+)'/gm)) {
      if (wanted.startsWith('.')) {
        if (wanted.endsWith('.ts')) files.add(join(dirname(file), wanted));
      } else packages.set(wanted, [...(packages.get(wanted) ?? []), relative(root, file)]);
    }
  }
  return packages;
}
