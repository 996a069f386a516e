import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandFor, isInstalled } from './invocation.ts';

const checkout = '/home-of/octavo';
const installed = '/shop/node_modules/octavo';

test('the printed command reaches the same project and data from where one stands', () => {
  const at = (workingDirectory: string, root: string, data?: string, home = checkout): string =>
    commandFor({ workingDirectory, environment: {}, root, data }, home);
  assert.equal(at(checkout, `${checkout}/examples/bookstore`), 'npx octavo --project examples/bookstore');
  assert.equal(
    at(checkout, `${checkout}/examples/bookstore`, '/var/big store'),
    "npx octavo --project examples/bookstore --data '/var/big store'",
  );
  assert.equal(at('/shop', '/shop'), 'node ../home-of/octavo/bin/octavo.mjs');
  assert.equal(at('/shop', '/shop', '/shop/data', installed), 'octavo --data data');
  assert.equal(
    commandFor({ workingDirectory: '/shop', environment: { npm_command: 'exec' }, root: '/shop' }, installed),
    'npx octavo',
  );
  assert.equal(isInstalled(installed), true);
  assert.equal(isInstalled(checkout), false);
});
