import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventKinds } from '../event/index.ts';
import { readerKinds } from './kinds.ts';
import type { Tracker } from './tracker.ts';

test('the kinds of the tracker are those of the catalogue', () => {
  const text = readFileSync(join(import.meta.dirname, 'kinds.ts'), 'utf8');
  const [, body = ''] = text.split('export interface KindProperties {');
  const named = [...body.matchAll(/^ {2}(\w+): \{/gm)].map(([, name]) => name);
  assert.deepEqual(named, [...eventKinds.keys()]);
  const readers = [...eventKinds.values()].filter((kind) => kind.readerRequired).map(({ name }) => name);
  assert.deepEqual(readerKinds.split(' '), readers);
});

test('a kind of the catalogue is held to its properties, a custom one is free', () => {
  const check = (tracker: Tracker): void => {
    tracker.track('page_view');
    tracker.track('rate', { rating: 4, items: [{ item_id: 't1' }], mood: 'good' });
    tracker.track('my_own', { anything: [1] });
    // @ts-expect-error the rating is missing
    tracker.track('rate', { items: [{ item_id: 't1' }] });
    // @ts-expect-error the titles are missing
    tracker.track('view_item');
    // @ts-expect-error a search term is a text
    tracker.track('search', { search_term: 3 });
  };
  assert.equal(typeof check, 'function');
});
