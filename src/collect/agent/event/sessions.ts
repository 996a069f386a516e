import { hash } from 'node:crypto';
import { visitLetters } from '../deliver/event-pack.ts';

/** How visits are told apart. */
export interface SessionOptions {
  /** A visit ends after so long without a request. */
  readonly idleMs: number;
  /** How much older than the newest line before it a line may be: ids are given only when the log is that far ahead. */
  readonly reorderMs: number;
  /** Makes the ids of different agents differ. */
  readonly salt: string;
}

/** A visit as it is kept over restarts: key, start, last request, and the start in its id once that is given (else 0). */
export type SavedSession = readonly [key: number, startMs: number, lastMs: number, fixedMs: number];

/**
 * Visits of readers in the time of the log. Lines are noted when they are read, in any order, and get their ids later, when
 * no earlier line of the visit can come any more: so the same lines get the same ids whatever order they lie in.
 */
export interface Sessions {
  /** Notes a request. */
  see(key: number, timeMs: number): void;
  /** The id of the visit that a noted request belongs to. */
  idAt(key: number, timeMs: number): string;
  /**
   * Forgets visits that no line can belong to any more, and gives the others to be kept.
   *
   * @param floorMs - no line that is still to be read is older than this, less the time that lines may be late
   */
  save(floorMs: number): readonly SavedSession[];
}

interface Visit {
  startMs: number;
  lastMs: number;
  fixedMs: number;
  id: string;
}

/** @param saved - what an earlier table saved */
export function createSessions(options: SessionOptions, saved: readonly SavedSession[] = []): Sessions {
  const { idleMs, reorderMs, salt } = options;
  const visits = new Map<number, Visit[]>();
  const idOf = (key: number, startMs: number): string =>
    hash('sha256', `${salt} ${key} ${startMs}`).slice(0, visitLetters);
  for (const [key, startMs, lastMs, fixedMs] of saved) {
    const list = visits.get(key) ?? [];
    list.push({ startMs, lastMs, fixedMs, id: fixedMs === 0 ? '' : idOf(key, fixedMs) });
    visits.set(key, list);
  }
  return {
    see: (key, timeMs) => {
      const list = visits.get(key);
      if (list === undefined) visits.set(key, [newVisit(timeMs)]);
      else note(list, timeMs, idleMs);
    },
    idAt: (key, timeMs) => {
      let list = visits.get(key);
      if (list === undefined) visits.set(key, (list = []));
      const visit = visitAt(list, timeMs, idleMs) ?? note(list, timeMs, idleMs);
      if (visit.fixedMs === 0) {
        visit.fixedMs = visit.startMs;
        visit.id = idOf(key, visit.startMs);
      }
      return visit.id;
    },
    save: (floorMs) => {
      const before = floorMs - idleMs - reorderMs;
      const kept: SavedSession[] = [];
      for (const [key, list] of visits) {
        const live = list.filter((visit) => visit.lastMs >= before);
        if (live.length === 0 || visits.size > visitsMax) visits.delete(key);
        else if (live.length < list.length) visits.set(key, live);
        for (const { startMs, lastMs, fixedMs } of live) kept.push([key, startMs, lastMs, fixedMs]);
      }
      return kept;
    },
  };
}

/** Beyond it the visits that were noted first are forgotten: their readers begin new ones. */
const visitsMax = 1_000_000;

function newVisit(timeMs: number): Visit {
  return { startMs: timeMs, lastMs: timeMs, fixedMs: 0, id: '' };
}

function visitAt(list: readonly Visit[], timeMs: number, idleMs: number): Visit | undefined {
  for (const visit of list)
    if (timeMs >= visit.startMs - idleMs && timeMs <= visit.lastMs + idleMs) return visit;
  return undefined;
}

/** Lets a visit grow by a request, and joins it with another that it now reaches, unless both have their ids already. */
function note(list: Visit[], timeMs: number, idleMs: number): Visit {
  const visit = visitAt(list, timeMs, idleMs);
  if (visit === undefined) {
    const added = newVisit(timeMs);
    list.push(added);
    return added;
  }
  if (timeMs < visit.startMs) visit.startMs = timeMs;
  if (timeMs > visit.lastMs) visit.lastMs = timeMs;
  if (list.length === 1) return visit;
  for (const other of list) {
    if (other === visit || other.startMs > visit.lastMs + idleMs || visit.startMs > other.lastMs + idleMs)
      continue;
    if (other.fixedMs !== 0 && visit.fixedMs !== 0) continue;
    visit.startMs = Math.min(visit.startMs, other.startMs);
    visit.lastMs = Math.max(visit.lastMs, other.lastMs);
    if (other.fixedMs !== 0) {
      visit.fixedMs = other.fixedMs;
      visit.id = other.id;
    }
    list.splice(list.indexOf(other), 1);
    break;
  }
  return visit;
}

/** What a visit is known by: 53 bits of the reader, else of address and user agent. */
export function sessionKey(
  reader: string | undefined,
  ip: string | undefined,
  agent: string | undefined,
): number {
  const who = reader ?? ip ?? '';
  const by = reader === undefined ? agent : undefined;
  return sessionKeyAt(
    reader !== undefined,
    who,
    0,
    who.length,
    by ?? '',
    by === undefined ? -1 : 0,
    by?.length ?? 0,
  );
}

/** The same of parts of texts: the reader or the address, and the user agent, which is missing when it begins at -1. */
export function sessionKeyAt(
  isReader: boolean,
  who: string,
  whoFrom: number,
  whoTo: number,
  agent: string,
  agentFrom: number,
  agentTo: number,
): number {
  let a = isReader ? 0x12_34_56_78 : 0x81_1c_9d_c5;
  let b = 0x9e_37_79_b9 | 0;
  for (let at = whoFrom; at < whoTo; at++) {
    const code = who.charCodeAt(at);
    a = Math.imul(a ^ code, 0x01_00_01_93);
    b = Math.imul(b ^ code, 0x85_eb_ca_6b);
  }
  if (!isReader && agentFrom >= 0) {
    b ^= 0xff;
    for (let at = agentFrom; at < agentTo; at++) {
      const code = agent.charCodeAt(at);
      a = Math.imul(a ^ code, 0x01_00_01_93);
      b = (Math.imul(b ^ code, 0x85_eb_ca_6b) + (at - agentFrom)) | 0;
    }
  }
  a = Math.imul(a ^ (a >>> 15), 0x2c_1b_3c_6d);
  b = Math.imul(b ^ (b >>> 13), 0xc2_b2_ae_35);
  return ((b ^ (b >>> 16)) & 0x1f_ff_ff) * 0x1_00_00_00_00 + ((a ^ (a >>> 12)) >>> 0);
}
