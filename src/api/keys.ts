import { createHash, randomBytes } from 'node:crypto';
import { openDatabase, OctavoError, type Clock, type Secret } from '../base/index.ts';
import { hasOrigin, toOrigin } from '../collect/index.ts';

/** What a key may do. */
export const scopes = [
  'events:write',
  'events:replay',
  'bestsellers:read',
  'recommendations:read',
  'metrics:read',
  'status:read',
  'tables:read',
  'tables:write',
  'batch:run',
  'personal:read',
  'settings:write',
] as const;
export type Scope = (typeof scopes)[number];

/** A key as it is listed; the key itself is shown once, when it is made. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** The origins of a browser's key; null of a server's. */
  readonly origins: readonly string[] | null;
  /** Most events a second that it may send; null: as configured. */
  readonly events_per_second_max: number | null;
  /** RFC 3339 instant. */
  readonly created_at: string;
  readonly revoked_at: string | null;
}

/** What bounds a key. */
export interface KeyLimits {
  /** Most events a second that it may send. */
  readonly eventsPerSecondMax?: number | undefined;
}

/** A key that was made, in clear. */
export interface MadeApiKey {
  readonly key: string;
  readonly record: ApiKey;
}

/** Keeps API keys as SHA-256 hashes; a lost key cannot be read back, only replaced. */
export interface KeyStore {
  /** Makes a key and returns it in clear, once. */
  create(name: string, granted: readonly Scope[], limits?: KeyLimits): MadeApiKey;
  /** Makes a key for pages of these origins: it may only send events. Errors: `argument_invalid`. */
  createForBrowser(name: string, origins: readonly string[], limits?: KeyLimits): MadeApiKey;
  /** Whether a browser's key may send from pages of this origin. */
  knowsOrigin(origin: string): boolean;
  /** The record of a valid key; undefined when it is unknown or revoked. */
  verify(key: string): ApiKey | undefined;
  list(): readonly ApiKey[];
  /** Errors: `key_not_found`. */
  revoke(id: string): void;
  close(): void;
}

interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly scopes: string;
  /** With blanks between; null of a server's key. */
  readonly origins: string | null;
  readonly events_per_second: number | null;
  readonly created_ms: number;
  readonly revoked_ms: number | null;
}

const migrations = [
  `create table api_keys (
     id text primary key, hash text not null unique, name text not null, scopes text not null,
     created_ms integer not null, revoked_ms integer
   ) strict`,
  'alter table api_keys add column origins text',
  'alter table api_keys add column events_per_second integer',
];

const adminRow: KeyRow = {
  id: 'admin',
  name: 'admin',
  scopes: scopes.join(' '),
  origins: null,
  events_per_second: null,
  created_ms: 0,
  revoked_ms: null,
};

/** Verified keys are remembered this long, so that a revocation in another process is seen. */
const rememberedMs = 5_000;
const rememberedMax = 10_000;
const originsMax = 100;

/** Opens the keys of a data folder. */
export function openKeyStore(options: {
  readonly path: string;
  readonly clock: Clock;
  /** A key with every scope that is not kept here. */
  readonly adminKey?: Secret;
}): KeyStore {
  const admin = options.adminKey === undefined ? undefined : hashOf(options.adminKey.reveal());
  const database = openDatabase({ path: options.path, migrations });
  const byHash = database.prepare('select * from api_keys where hash = ?');
  let knownOrigins: { readonly origins: readonly string[]; readonly untilMs: number } | undefined;
  const make = (asked: {
    readonly name: string;
    readonly granted: readonly Scope[];
    readonly origins: readonly string[] | null;
    readonly limits: KeyLimits | undefined;
  }): MadeApiKey => {
    const { name, granted, origins, limits } = asked;
    const key = `${origins === null ? 'oct' : 'ocb'}_${randomBytes(24).toString('base64url')}`;
    const row = {
      id: randomBytes(6).toString('hex'),
      name,
      scopes: granted.join(' '),
      origins: origins === null ? null : origins.join(' '),
      events_per_second: limits?.eventsPerSecondMax ?? null,
      created_ms: options.clock.now(),
      revoked_ms: null,
    };
    database
      .prepare(
        `insert into api_keys (id, hash, name, scopes, origins, events_per_second, created_ms)
         values (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(row.id, hashOf(key), name, row.scopes, row.origins, row.events_per_second, row.created_ms);
    knownOrigins = undefined;
    return { key, record: toRecord(row) };
  };
  const remembered = new Map<string, { readonly record: ApiKey | undefined; readonly untilMs: number }>();
  return {
    create: (name, granted, limits) => make({ name, granted, origins: null, limits }),
    createForBrowser: (name, origins, limits) => {
      if (origins.length === 0 || origins.length > originsMax)
        throw new OctavoError('argument_invalid', `a browser's key needs 1 to ${originsMax} origins`);
      return make({
        name,
        granted: ['events:write'],
        origins: [...new Set(origins.map(toOrigin))],
        limits,
      });
    },
    knowsOrigin: (origin) => {
      const nowMs = options.clock.now();
      if (knownOrigins === undefined || knownOrigins.untilMs <= nowMs) {
        const rows = database
          .prepare('select origins from api_keys where origins is not null and revoked_ms is null')
          .all() as unknown as readonly { readonly origins: string }[];
        const origins = [...new Set(rows.flatMap((row) => row.origins.split(' ')))];
        knownOrigins = { origins, untilMs: nowMs + rememberedMs };
      }
      return hasOrigin(knownOrigins.origins, origin);
    },
    verify: (key) => {
      const nowMs = options.clock.now();
      const known = remembered.get(key);
      if (known !== undefined && known.untilMs > nowMs) return known.record;
      const hash = hashOf(key);
      const row = hash === admin ? adminRow : (byHash.get(hash) as KeyRow | undefined);
      const record = row === undefined || row.revoked_ms !== null ? undefined : toRecord(row);
      if (remembered.size >= rememberedMax) remembered.clear();
      remembered.set(key, { record, untilMs: nowMs + rememberedMs });
      return record;
    },
    list: () => {
      const rows = database
        .prepare('select * from api_keys order by created_ms')
        .all() as unknown as KeyRow[];
      return rows.map(toRecord);
    },
    revoke: (id) => {
      const changed = database
        .prepare('update api_keys set revoked_ms = ? where id = ? and revoked_ms is null')
        .run(options.clock.now(), id);
      if (changed.changes === 0) throw new OctavoError('key_not_found', `'${id}'`);
      remembered.clear();
      knownOrigins = undefined;
    },
    close: () => database.close(),
  };
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function toRecord(row: KeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes.split(' ') as Scope[],
    origins: row.origins === null ? null : row.origins.split(' '),
    events_per_second_max: row.events_per_second,
    created_at: new Date(row.created_ms).toISOString(),
    revoked_at: row.revoked_ms === null ? null : new Date(row.revoked_ms).toISOString(),
  };
}
