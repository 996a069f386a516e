import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { manualClock } from '../base/index.ts';
import { openAccountStore, parseRole, type AccountStore } from './accounts.ts';

const hourMs = 3_600_000;
const password = 'correct horse battery';
const clock = manualClock(Date.parse('2026-11-03T00:00:00Z'));
let folder: string;
let accounts: AccountStore;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'octavo-accounts-'));
  accounts = openAccountStore({ path: join(folder, 'users.db'), clock });
  await accounts.add({ name: 'Minji', role: 'editor', password });
});
after(async () => {
  accounts.close();
  await rm(folder, { recursive: true });
});

test('a person signs in by name, in any case, and password', async () => {
  const { token, session } = await accounts.signIn('minji', password);
  assert.equal(session.person.role, 'editor');
  assert.deepEqual(accounts.session(token)?.person, { name: 'Minji', role: 'editor' });
  await assert.rejects(accounts.signIn('minji', `${password}!`), { code: 'sign_in_failed' });
  await assert.rejects(accounts.signIn('nobody', password), { code: 'sign_in_failed' });
});

test('neither passwords nor tokens stand in the file', async () => {
  const { token } = await accounts.signIn('minji', password);
  const bytes = Buffer.concat([
    await readFile(join(folder, 'users.db')),
    await readFile(join(folder, 'users.db-wal')),
  ]);
  assert.equal(bytes.includes(password), false);
  assert.equal(bytes.includes(token), false);
});

test('a session ends when it is not used, and after two weeks in any case', async () => {
  const idle = await accounts.signIn('minji', password);
  clock.advance(13 * hourMs);
  assert.equal(accounts.session(idle.token), undefined);
  const used = await accounts.signIn('minji', password);
  for (let hours = 0; hours < 14 * 24 - 8; hours += 8) {
    clock.advance(8 * hourMs);
    assert.notEqual(accounts.session(used.token), undefined, `after ${hours + 8} hours`);
  }
  clock.advance(8 * hourMs);
  assert.equal(accounts.session(used.token), undefined);
});

test('signing out, a new password and removal end sessions', async () => {
  await accounts.add({ name: 'jun', role: 'viewer', password });
  const first = await accounts.signIn('jun', password);
  accounts.signOut(first.token);
  assert.equal(accounts.session(first.token), undefined);
  const second = await accounts.signIn('jun', password);
  await accounts.setPassword('jun', 'another long password');
  assert.equal(accounts.session(second.token), undefined);
  const third = await accounts.signIn('jun', 'another long password');
  accounts.setRole('jun', 'admin');
  assert.equal(accounts.session(third.token)?.person.role, 'admin');
  accounts.remove('jun');
  assert.equal(accounts.session(third.token), undefined);
  assert.deepEqual(
    accounts.list().map(({ name }) => name),
    ['Minji'],
  );
});

test('wrong names, roles and passwords are refused with what is wrong', async () => {
  const add = (name: string, given: string): Promise<unknown> =>
    accounts.add({ name, role: 'viewer', password: given });
  await assert.rejects(add('minji', password), { code: 'user_exists' });
  await assert.rejects(add('a b', password), { code: 'user_invalid' });
  await assert.rejects(add('sora', 'short'), { code: 'password_weak' });
  await assert.rejects(add('sora', 'my-name-is-Sora'), { code: 'password_weak' });
  assert.throws(() => accounts.remove('sora'), { code: 'user_not_found' });
  assert.throws(() => parseRole('boss'), { code: 'user_invalid' });
});
