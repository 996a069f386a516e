import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBar, createSteps, countsText } from './progress.ts';
import { createTerminal, type Terminal } from './terminal.ts';

interface Screen {
  readonly terminal: Terminal;
  /** What both streams wrote, in order. */
  readonly written: () => string;
}

function screen(options: {
  readonly tty: boolean;
  readonly columns?: number;
  readonly term?: string;
}): Screen {
  let text = '';
  const stream = {
    isTTY: options.tty,
    columns: options.columns ?? 60,
    write: (more: string) => (text += more),
  };
  const environment = { TERM: options.term };
  return { terminal: createTerminal({ out: stream, err: stream, environment }), written: () => text };
}

/** What a terminal shows after the text: rewritten lines count once. */
function shown(text: string): readonly string[] {
  return text.split('\n').map((line) => line.split('\r\u001b[2K').at(-1) ?? '');
}

test('lines that are written while a bar is shown stand above it', () => {
  const { terminal, written } = screen({ tty: true });
  let atMs = 0;
  const bar = createBar(terminal, { name: 'load', nowMs: () => atMs });
  bar.show(1, 4, 'events');
  terminal.err('a log line');
  terminal.out('an answer');
  atMs = 2_000;
  bar.show(2, 4, 'events');
  assert.deepEqual(shown(written()), [
    'a log line',
    'an answer',
    '  load            2 s  ████████████░░░░░░░░░░░░ 2 of 4 eve…',
  ]);
  bar.clear();
  terminal.err('done');
  assert.deepEqual(shown(written()), ['a log line', 'an answer', 'done', '']);
});

test('a bar is no wider than the terminal, and nothing at all where lines can not be rewritten', () => {
  const narrow = screen({ tty: true, columns: 30 });
  createBar(narrow.terminal, { name: 'load', nowMs: () => 0 }).show(1, 4, 'events');
  assert.equal(shown(narrow.written())[0]?.length, 29);
  for (const options of [{ tty: false }, { tty: true, term: 'dumb' }]) {
    const { terminal, written } = screen(options);
    createBar(terminal, { name: 'load', nowMs: () => 0 }).show(1, 4, 'events');
    assert.equal(written(), '');
  }
});

test('a table is fitted to a terminal and to nothing else', () => {
  assert.equal(screen({ tty: true, columns: 72 }).terminal.width, 72);
  assert.equal(screen({ tty: false }).terminal.width, undefined);
});

test('steps tell their counts and how they ended, as lines or as JSON', async () => {
  const lines = screen({ tty: false });
  const steps = createSteps(lines.terminal, { json: false, nowMs: () => 0 });
  await steps.step('make', async (report) => report.count({ days: 1, events: 1200 }));
  await steps.step('load', async (report) => report.skip());
  await assert.rejects(
    steps.step('seal', async () => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.deepEqual(lines.written().split('\n'), [
    '✓ make            0.0 s  1 day, 1,200 events',
    '· load            0.0 s  already there',
    '✗ seal            0.0 s',
    '',
  ]);
  const json = screen({ tty: true });
  await createSteps(json.terminal, { json: true, nowMs: () => 0 }).step('make', async (report) =>
    report.count({ days: 2 }),
  );
  assert.match(json.written(), /\{"step":"make","status":"done","seconds":0,"counts":\{"days":2\}\}\n$/);
  assert.equal(countsText({ rows: 1, late: 0, titles_unknown: 1 }), '1 row, 0 late, 1 titles unknown');
});
