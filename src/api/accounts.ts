import { createHash, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabase, OctavoError, transaction, type Clock } from '../base/index.ts';
import { assertPassword, hashPassword, verifyPassword } from './password.ts';
import { roles, type Role } from './roles.ts';

/** A person as others see him. */
export interface Person {
  /** What he signs in with. */
  readonly name: string;
  readonly role: Role;
  /** RFC 3339 instants. */
  readonly created_at: string;
  readonly seen_at: string | null;
}

/** Somebody is signed in. */
export interface Session {
  readonly person: Pick<Person, 'name' | 'role'>;
  /** Epoch milliseconds; later while it is used. */
  readonly expiresMs: number;
}

/**
 * Keeps people, their passwords as scrypt hashes, and who is signed in, by the SHA-256 of each session's
 * token.
 */
export interface AccountStore {
  /** Errors: `user_exists`, `user_invalid`, `password_weak`. */
  add(person: { readonly name: string; readonly role: Role; readonly password: string }): Promise<Person>;
  list(): readonly Person[];
  /** Ends his sessions too. Errors: `user_not_found`. */
  remove(name: string): void;
  /** Sets a new password and ends his sessions. Errors: `user_not_found`, `password_weak`. */
  setPassword(name: string, password: string): Promise<void>;
  /** Errors: `user_not_found`. */
  setRole(name: string, role: Role): void;
  /** A new session's token, to be kept by the browser. Errors: `sign_in_failed`. */
  signIn(name: string, password: string): Promise<{ readonly token: string; readonly session: Session }>;
  /** The session of a token that has not expired. */
  session(token: string): Session | undefined;
  signOut(token: string): void;
  close(): void;
}

interface UserRow {
  readonly user_id: number;
  readonly name: string;
  readonly role: Role;
  readonly password: string;
  readonly created_ms: number;
  readonly seen_ms: number | null;
}

interface SessionRow {
  readonly hash: string;
  readonly name: string;
  readonly role: Role;
  readonly user_id: number;
  readonly began_ms: number;
  readonly used_ms: number;
}

const migrations = [
  `create table users (
     user_id integer primary key, name text not null unique collate nocase, role text not null,
     password text not null, created_ms integer not null, seen_ms integer
   ) strict;
   create table sessions (
     hash text primary key, user_id integer not null references users on delete cascade,
     began_ms integer not null, used_ms integer not null
   ) strict, without rowid;
   create index sessions_by_user on sessions (user_id)`,
];

const hourMs = 3_600_000;
/** A session ends when it was not used for so long. */
const idleMs = 12 * hourMs;
/** A session ends after so long, however much it is used. */
const wholeMs = 14 * 24 * hourMs;
/** Uses are written down this often. */
const writtenMs = 60_000;
const sessionsOfOneMax = 20;
const namePattern = /^[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,63}$/u;

/** Opens the people of a data folder. */
export function openAccountStore(options: { readonly path: string; readonly clock: Clock }): AccountStore {
  const { clock } = options;
  const database = openDatabase({ path: options.path, migrations });
  const find = (name: string): UserRow | undefined =>
    database.prepare('select * from users where name = ?').get(name) as UserRow | undefined;
  const demand = (name: string): UserRow => {
    const row = find(name);
    if (row === undefined) throw new OctavoError('user_not_found', `'${name}'`);
    return row;
  };
  return {
    add: async ({ name, role, password }) => {
      assertName(name);
      assertPassword(password, name);
      if (find(name) !== undefined) throw new OctavoError('user_exists', `'${name}'`);
      const hash = await hashPassword(password);
      database
        .prepare('insert into users (name, role, password, created_ms) values (?, ?, ?, ?)')
        .run(name, role, hash, clock.now());
      return toPerson(demand(name));
    },
    list: () =>
      (database.prepare('select * from users order by name').all() as unknown as UserRow[]).map(toPerson),
    remove: (name) => {
      database.prepare('delete from users where user_id = ?').run(demand(name).user_id);
    },
    setPassword: async (name, password) => {
      const user = demand(name);
      assertPassword(password, user.name);
      const hash = await hashPassword(password);
      transaction(database, () => {
        database.prepare('update users set password = ? where user_id = ?').run(hash, user.user_id);
        database.prepare('delete from sessions where user_id = ?').run(user.user_id);
      });
    },
    setRole: (name, role) => {
      database.prepare('update users set role = ? where user_id = ?').run(role, demand(name).user_id);
    },
    signIn: async (name, password) => {
      const user = find(name);
      const valid = await verifyPassword(password, user?.password);
      if (user === undefined || !valid) throw new OctavoError('sign_in_failed');
      const token = randomBytes(32).toString('base64url');
      beginSession(database, { user, hash: hashOf(token), nowMs: clock.now() });
      return { token, session: { person: user, expiresMs: clock.now() + idleMs } };
    },
    session: (token) => useSession(database, hashOf(token), clock.now()),
    signOut: (token) => {
      database.prepare('delete from sessions where hash = ?').run(hashOf(token));
    },
    close: () => database.close(),
  };
}

/** A person keeps the newest of his sessions; what has expired goes. */
function beginSession(
  database: DatabaseSync,
  begun: { readonly user: UserRow; readonly hash: string; readonly nowMs: number },
): void {
  const { user, hash, nowMs } = begun;
  transaction(database, () => {
    database
      .prepare('delete from sessions where used_ms < ? or began_ms < ?')
      .run(nowMs - idleMs, nowMs - wholeMs);
    database
      .prepare(
        `delete from sessions where user_id = ? and hash not in
           (select hash from sessions where user_id = ? order by used_ms desc limit ?)`,
      )
      .run(user.user_id, user.user_id, sessionsOfOneMax - 1);
    database
      .prepare('insert into sessions (hash, user_id, began_ms, used_ms) values (?, ?, ?, ?)')
      .run(hash, user.user_id, nowMs, nowMs);
    database.prepare('update users set seen_ms = ? where user_id = ?').run(nowMs, user.user_id);
  });
}

function useSession(database: DatabaseSync, hash: string, nowMs: number): Session | undefined {
  const row = database
    .prepare(
      `select hash, user_id, name, role, began_ms, used_ms from sessions join users using (user_id) where hash = ?`,
    )
    .get(hash) as SessionRow | undefined;
  if (row === undefined || nowMs >= row.used_ms + idleMs || nowMs >= row.began_ms + wholeMs) return undefined;
  if (nowMs - row.used_ms >= writtenMs) {
    database.prepare('update sessions set used_ms = ? where hash = ?').run(nowMs, hash);
    database.prepare('update users set seen_ms = ? where user_id = ?').run(nowMs, row.user_id);
  }
  return {
    person: { name: row.name, role: row.role },
    expiresMs: Math.min(nowMs + idleMs, row.began_ms + wholeMs),
  };
}

function assertName(name: string): void {
  if (namePattern.test(name)) return;
  throw new OctavoError('user_invalid', `'${name}': letters, digits and . _ @ + - , at most 64`);
}

/** Errors: `user_invalid`. */
export function parseRole(text: string): Role {
  const role = roles.find((known) => known === text);
  if (role === undefined)
    throw new OctavoError('user_invalid', `role '${text}', expected one of ${roles.join(', ')}`);
  return role;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function toPerson({ name, role, created_ms, seen_ms }: UserRow): Person {
  return {
    name,
    role,
    created_at: new Date(created_ms).toISOString(),
    seen_at: seen_ms === null ? null : new Date(seen_ms).toISOString(),
  };
}
