import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommanderError } from 'commander';
import { renderError } from './output.ts';
import { createProgram } from './program.ts';
import { isHelp, usageError } from './usage.ts';

/** What a call is answered with, as the command line prints it. */
async function said(...args: readonly string[]): Promise<string> {
  const nothing = (): void => undefined;
  const program = createProgram({
    terminal: { out: nothing, err: nothing, status: nothing, interactive: false, width: undefined },
    signal: new AbortController().signal,
    environment: {},
    workingDirectory: '/nowhere',
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return '';
  } catch (error) {
    if (isHelp(error)) return 'help';
    const told = error instanceof CommanderError ? usageError(error, program, args) : error;
    return renderError(told, { json: false, debug: false });
  }
}

test('a wrong call names the nearest name and the help to read', async () => {
  assert.match(
    await said('lits'),
    /'octavo' has no command 'lits', did you mean 'lists'\?\n {2}hint: see `octavo --help`/,
  );
  assert.match(await said('lists', 'sho'), /'octavo lists' has no command 'sho', did you mean 'show'\?/);
  assert.match(await said('lists', 'show', 'daily', '--limt', '3'), /'--limt', did you mean '--limit'\?/);
  assert.match(
    await said('--data', 'lists', 'tables', 'show'),
    /missing required argument 'table'\n.*`octavo tables show --help`/,
  );
  assert.match(await said('query', 'a', 'b'), /too many arguments for 'query'/);
});

test('options are checked before anything is opened', async () => {
  for (const [args, message] of [
    [['run', '--day', '2026-13-01'], /--day is '2026-13-01'/],
    [
      ['backfill', '--from', '2026-02-02', '--to', '2026-02-01'],
      /--from 2026-02-02 is after --to 2026-02-01/,
    ],
    [['lists', 'show', 'daily', '--limit', '0'], /--limit is '0', expected a whole number from 1/],
    [['demo', '--port', 'http'], /--port is 'http', expected a whole number from 0 to 65535/],
    [['demo', '--scale', '0'], /--scale is '0', expected a number from 0\.01/],
    [['metrics', '--grain', 'hour'], /--grain is 'hour', expected day/],
    [['metrics', '--sql'], /need the name of a metric/],
    [['query', 'select 1', '--csv', '--json'], /exclude each other/],
    [['query', 'select 1', '--file', 'a.sql'], /given twice/],
    [['query', '--file', '/nowhere/a.sql'], /there is no such file/],
    [['keys', 'create', 'x', '--scope', 'event:write'], /did you mean 'events:write'/],
    [['lists'], /there is no octavo\.config\.ts here: \/nowhere/],
  ] as const)
    assert.match(await said(...args), message);
});

test('help is no error', async () => {
  assert.equal(await said('--help'), 'help');
  assert.equal(await said('help', 'lists'), 'help');
  assert.equal(await said(), 'help');
  assert.equal(await said('--version'), 'help');
});
