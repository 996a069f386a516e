import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Text } from '../../src/base/index.ts';
import { openPlatform, type Platform } from '../../src/cli/platform.ts';

/** Whatever describes something of the example, or of what is built in, does so in both languages. */
let root: string;
let platform: Platform;

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'octavo-words-'));
  platform = await openPlatform({
    projectDirectory: join(import.meta.dirname, '../../examples/bookstore'),
    dataDirectory: root,
    environment: { OCTAVO_LOG_LEVEL: 'error' },
    workingDirectory: root,
    json: true,
    own: false,
  });
});
after(async () => {
  await platform.close();
  await rm(root, { recursive: true });
});

/** Those that say nothing in one of the languages; what says nothing at all is left out. */
function oneSided(texts: readonly (readonly [string, Text])[]): readonly string[] {
  return texts
    .filter(([, text]) => text !== '')
    .filter(([, text]) => typeof text === 'string' || !hangul.test(text.ko ?? '') || (text.en ?? '') === '')
    .map(([name]) => name);
}

const hangul = /\p{Script=Hangul}/u;
/** Names that are the same in any language. */
const ownNames = new Set(
  ['source', 'medium', 'name', 'content', 'id'].map((part) => `raw.events.campaign_${part}`),
);

test('every task, and every column that a task describes', () => {
  const { tasks } = platform.registry;
  assert.ok(tasks.length > 30);
  assert.deepEqual(oneSided(tasks.map(({ name, description }) => [name, description])), []);
  const columns = tasks.flatMap(({ lineage }) =>
    Object.entries(lineage?.columns ?? {}).flatMap(([table, described]) =>
      Object.entries(described).map(([column, text]) => [`${table}.${column}`, text] as const),
    ),
  );
  assert.ok(columns.some(([name]) => name === 'raw.events.kind'));
  assert.deepEqual(
    oneSided(columns).filter((name) => !ownNames.has(name)),
    [],
  );
});

test('every list and metric', () => {
  const { lists, metrics } = platform.project;
  assert.deepEqual(oneSided(lists.map(({ id, description }) => [id, description])), []);
  assert.deepEqual(oneSided([...metrics.values()].map(({ name, description }) => [name, description])), []);
});
