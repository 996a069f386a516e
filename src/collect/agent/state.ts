import { join } from 'node:path';
import { Type, type Static } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { hasCode, OctavoError, sha256, type Storage } from '../../base/index.ts';

const print = Type.Object({ lengthBytes: Type.Integer({ minimum: 0 }), hash: Type.String() });
const savedFile = Type.Object({
  seed: Type.String(),
  head: print,
  path: Type.String(),
  device: Type.Number(),
  inode: Type.Number(),
  seenMs: Type.Number(),
  cuts: Type.Array(Type.Integer({ minimum: 0 })),
  offset: Type.Integer({ minimum: 0 }),
  tail: print,
  inside: Type.Boolean(),
  gzip: Type.Optional(Type.Boolean()),
  complete: Type.Optional(Type.Object({ sizeBytes: Type.Number(), modifiedMs: Type.Number() })),
  damage: Type.Optional(Type.String()),
});
/** A compressed file of which nothing could be read. */
const tornFile = Type.Object({
  path: Type.String(),
  device: Type.Number(),
  inode: Type.Number(),
  seenMs: Type.Number(),
  damage: Type.String(),
});
const session = Type.Tuple([Type.Number(), Type.Number(), Type.Number(), Type.Number()]);
const state = Type.Object({
  version: Type.Literal(1),
  savedMs: Type.Number(),
  files: Type.Array(savedFile),
  torn: Type.Optional(Type.Array(tornFile)),
  sessions: Type.Array(session),
});

/** What an agent keeps over restarts: how far each file is acknowledged, and the visits that go on. */
export type AgentState = Static<typeof state>;

/** Name of the file in the agent's folder. */
export const stateFileName = 'state.json';

/** The state of an agent's folder; undefined before the first. Errors: `ship_state_damaged`. */
export async function readState(storage: Storage, directory: string): Promise<AgentState | undefined> {
  const path = join(directory, stateFileName);
  let text: string;
  try {
    text = (await storage.read(path)).toString('utf8');
  } catch (error) {
    if (hasCode(error, 'storage_not_found')) return undefined;
    throw error;
  }
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  try {
    if (text.slice(0, end) !== sha256(body)) throw new Error('its checksum is another');
    const value: unknown = JSON.parse(body);
    if (!Value.Check(state, value)) throw new Error('it is no state of an agent');
    return value;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new OctavoError('ship_state_damaged', `${path}: ${why}`, { cause });
  }
}

/** Replaces the state: a new file, fsync, rename, fsync of the folder. */
export async function writeState(storage: Storage, directory: string, value: AgentState): Promise<void> {
  const body = JSON.stringify(value);
  await storage.write(join(directory, stateFileName), `${sha256(body)}\n${body}`);
}
