import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { Command } from 'commander';
import { resolveConfig } from '../src/base/index.ts';
import { parseList } from '../src/bestseller/index.ts';
import { createProgram } from '../src/cli/index.ts';
import { parseMetricFile, parsePage, toMetrics } from '../src/statistics/index.ts';
import { parseModel } from '../src/warehouse/index.ts';

const root = dirname(import.meta.dirname);
const pages = ['docs/guides', 'docs/internals']
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`))
  .concat('docs/start.md');
const read = (page: string): string => readFileSync(join(root, page), 'utf8');

/** The first code of a page in a language. */
function example(page: string, language: string): string {
  const [, text] = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(read(page)) ?? [];
  assert.ok(text !== undefined, `${page} has no ${language}`);
  return text;
}

const program = createProgram({
  terminal: {
    out: () => undefined,
    err: () => undefined,
    status: () => undefined,
    interactive: false,
    width: 100,
  },
  signal: new AbortController().signal,
  environment: {},
  workingDirectory: root,
});

/** What is wrong with a call of the command line, by its command and options. */
function wrongIn(call: string): readonly string[] {
  const words = call
    .replaceAll(/"[^"]*"|'[^']*'/g, 'text')
    .split(/\s+/)
    .slice(1);
  const flags = words.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0]);
  let command: Command = program;
  for (const word of words) {
    const found: Command | undefined = command.commands.find((each) => each.name() === word);
    if (found !== undefined) command = found;
  }
  if (command === program && words.some((word) => /^[a-z]+$/.test(word))) return [`no command in '${call}'`];
  const known = [...program.options, ...command.options].map((option) => option.long);
  return flags
    .filter((flag) => flag !== '--help' && !known.includes(flag))
    .map((flag) => `no ${flag} in '${call}'`);
}

test('the statistics page of its guide is one', () => {
  const [, text = ''] = /````markdown\n([\s\S]*?)````/.exec(read('docs/guides/pages.md')) ?? [];
  const metrics = toMetrics(
    parseMetricFile(
      'metrics: [{ name: sales, table: model.sold_lines, value: sum(paid), dimensions: { category: category_id } }]',
      'metrics/sales.yaml',
    ),
  );
  const page = parsePage({ name: 'guide', file: 'pages/guide.md', text }, { metrics });
  assert.deepEqual(page.problems, []);
  assert.ok(page.items.length >= 3);
});

test('commands in the pages exist with their options', () => {
  const wrong = pages.flatMap((page) =>
    [...read(page).matchAll(/(?:^|`|npx )(octavo(?: (?!—)[^\n`#]+)?)/gm)]
      .map(([, call = '']) => call.split(/ {2,}/)[0] ?? '')
      .flatMap(wrongIn)
      .map((about) => `${page}: ${about}`),
  );
  assert.deepEqual(wrong, []);
});

test('the model of the guide is one', () => {
  const model = parseModel({
    text: example('docs/guides/models.md', 'sql'),
    name: 'guide',
    file: 'guide.sql',
  });
  assert.deepEqual([model.materialize, model.tests.length], ['day', 1]);
});

test('the metrics of the guide are some', () => {
  const metrics = toMetrics(parseMetricFile(example('docs/guides/metrics.md', 'yaml'), 'guide.yaml'));
  assert.deepEqual(metrics.get('basket')?.dimensions, ['device']);
});

test('the list of the guide is one, and shows the defaults', () => {
  const text = example('docs/guides/bestsellers.md', 'yaml');
  const [three] = text.split('\n\n');
  assert.deepEqual(parseList(text, 'guide.yaml'), parseList(three ?? '', 'guide.yaml'));
});

test('the sources of the guide are valid', async () => {
  const text = example('docs/guides/sources.md', 'ts');
  const module = `export default { ${text} }`;
  const { default: spec } = (await import(`data:text/javascript,${encodeURIComponent(module)}`)) as {
    readonly default: unknown;
  };
  const { sources } = resolveConfig(spec, { env: {} });
  assert.deepEqual(Object.keys(sources), ['shop', 'ads']);
});
