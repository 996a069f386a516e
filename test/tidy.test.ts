import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { errorCodes } from '../src/base/index.ts';
import { metrics } from '../src/base/metrics.ts';

const root = dirname(import.meta.dirname);
const listed = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0');
const files = listed.filter((file) => file !== '' && existsSync(join(root, file)));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const own = files.filter(
  (file) => /\.(ts|mjs|md|sql|yaml|json|sh)$/.test(file) && file !== 'package-lock.json',
);

function offences(among: readonly string[], pattern: RegExp): readonly string[] {
  return among.flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((line, index) =>
        pattern.test(line) ? [`${file}:${index + 1}: ${line.trim().slice(0, 100)}`] : [],
      ),
  );
}

test('clock, random and environment are passed in', () => {
  const code = files.filter(
    (file) => /^src\/(?!base\/|cli\/).*\.ts$/.test(file) && !/\.(test|contract)\.ts$/.test(file),
  );
  assert.deepEqual(offences(code, /\bDate\.now\(|\bMath\.random\(|\bprocess\.env\b/), []);
});

test('nothing is left to do later, and no path of one machine is in it', () => {
  const others = own.filter((file) => file !== 'test/tidy.test.ts');
  assert.deepEqual(offences(others, /\b(TODO|FIXME|XXX)\b/), []);
  assert.deepEqual(offences(others, /(^|[\s'"`(])\/(work|root|home|Users)\/\w/), []);
});

/** Files that are mostly texts which nobody breaks: words, SQL of tables, XML, drawings. */
const texts = /^src\/(simulate\/(names|words|shop-database)|statistics\/page\/xlsx|console\/parts\/icon)\./;

test('lines of code have at most 160 letters, texts among them', () => {
  const code = files.filter((file) => /^(src|test|scripts|bench)\/.*\.tsx?$/.test(file) && !texts.test(file));
  assert.deepEqual(offences(code, /^.{161,}$/), []);
});

test('every dependency has one exact version', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
    string,
    Record<string, string>
  >;
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, name);
  }
});

test('every dependency has its line of reason, and no line outlives its dependency', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
    string,
    Record<string, string>
  >;
  const lines = read('docs/internals/dependencies.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const reasoned = lines.flatMap((line) =>
    [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  );
  assert.deepEqual(reasoned.toSorted(), Object.keys({ ...dependencies, ...devDependencies }).toSorted());
});

test('every folder of src has its door', () => {
  const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  const used = folders.filter((entry) => files.some((file) => file.startsWith(`src/${entry.name}/`)));
  assert.deepEqual(
    used.filter((entry) => !existsSync(join(root, 'src', entry.name, 'index.ts'))).map((entry) => entry.name),
    [],
  );
});

test('links between pages lead somewhere', () => {
  const broken = files
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) =>
      [...read(file).matchAll(/\]\((?!https?:|mailto:|#)([^)\s#]+)/g)]
        .filter((link) => !existsSync(join(root, dirname(file), link[1] ?? '')))
        .map((link) => `${file}: ${link[1]}`),
    );
  assert.deepEqual(broken, []);
});

test('every error code is in the reference', () => {
  const page = read('docs/reference/errors.md');
  assert.deepEqual(
    Object.keys(errorCodes).filter((code) => !page.includes(`\`${code}\``)),
    [],
  );
});

test('every metric is published somewhere, and so is each that a page names', () => {
  const code = own
    .filter((file) => /^src\/.*\.ts$/.test(file) && file !== 'src/base/metrics.ts')
    .map(read)
    .join('\n');
  assert.deepEqual(
    Object.keys(metrics).filter((name) => !code.includes(`'${name}'`)),
    [],
  );
  const named = own
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) => read(file).match(metricName) ?? []);
  assert.deepEqual(
    named.filter((name) => !(name in metrics) && !Object.keys(metrics).some((one) => one.startsWith(name))),
    [],
  );
});

const metricName = /\boctavo_(?:base|collect|warehouse|batch|api|http)_[a-z_]+/g;
