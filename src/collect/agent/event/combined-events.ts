import { clfLetters, LineScan, scanAgent, scanCombined } from '../line/scan-combined.ts';
import type { LogRequest } from '../line/log-request.ts';
import type { TimeParser } from '../line/log-time.ts';
import type { PackWriter } from '../deliver/event-pack.ts';
import { ByteMemo } from './byte-memo.ts';
import {
  agentField,
  CombinedWriter,
  type AgentField,
  type LineBytes,
  type ScannedLine,
  type WrittenEvent,
} from './combined-writer.ts';
import type { EventRules, LineEvent } from './line-event.ts';
import type { ItemRoute } from './routes.ts';
import { bytesKey, partBases } from './visit-key.ts';

/**
 * Writes the events of plain lines of the combined (or common) log format from their bytes into the bytes of the event, without
 * anything in between: most lines of most logs. It gives what the general way gives; lines that it does not know are left to that.
 */
export class CombinedEvents implements ScannedLine {
  line: LineBytes = { bytes: Buffer.alloc(0), view: new DataView(new ArrayBuffer(0)) };
  readonly scan = new LineScan();
  instant = '';
  timeMs = NaN;
  agent: AgentField = noAgent;
  itemFrom = 0;
  itemTo = 0;
  readonly #rules: EventRules;
  readonly #time: TimeParser;
  readonly #combined: boolean;
  readonly #writer: CombinedWriter;
  /** The last time as it was written. */
  readonly #clf = new Uint8Array(clfLetters);
  /** What is known of a path by its first part. */
  readonly #firsts = new ByteMemo<First>(firstsMax);
  readonly #agents = new ByteMemo<AgentField>(agentsMax);

  constructor(rules: EventRules, options: { readonly combined: boolean; readonly time: TimeParser }) {
    this.#rules = rules;
    this.#time = options.time;
    this.#combined = options.combined;
    this.#writer = new CombinedWriter(rules);
  }

  /** Takes a line apart; false when it is for the general way. */
  take(line: LineBytes, from: number, to: number): boolean {
    this.line = line;
    this.itemFrom = 0;
    this.itemTo = 0;
    if (!scanCombined(line.bytes, from, to, this.#combined, this.scan)) return false;
    return (!this.#combined || this.#readAgent(to)) && this.#readTime();
  }

  /** The kind of the line that was taken apart, when its path says it alone; a name of a rule that drops it; else undefined. */
  plain(): { readonly kind?: string; readonly dropped?: string } | undefined {
    const { bytes, view } = this.line;
    const { targetFrom, targetTo, status, methodFrom, methodTo } = this.scan;
    let end = targetFrom + 1;
    while (end < targetTo && bytes[end] !== slash && bytes[end] !== mark) end++;
    if (end === targetFrom + 1) return undefined;
    const first = this.#firsts.find(view, targetFrom + 1, end) ?? this.#learn(targetFrom + 1, end);
    if (first === 'ask') return undefined;
    const isGet = methodTo - methodFrom === 3 && isGetAt(bytes, methodFrom);
    const isItem = first !== 'plain';
    if (isItem && !(isGet && this.#readItem(first, end))) return undefined;
    if (this.#rules.drops) {
      const dropped = this.#dropped(end, isGet ? 'GET' : bytes.toString('latin1', methodFrom, methodTo));
      if (dropped !== undefined) return { dropped };
    }
    if (isItem) return first;
    return isGet && status >= 200 && status < 400 ? pageView : apiRequest;
  }

  /** The line as a request. */
  request(): LogRequest {
    const { scan } = this;
    const start = scan.ipFrom;
    const text = this.line.bytes.toString('latin1', start, scan.lineTo);
    const taken = (from: number, to: number): string => text.slice(from - start, to - start);
    const part = (from: number, to: number): string | undefined => (from < 0 ? undefined : taken(from, to));
    return {
      timeMs: this.timeMs,
      instant: this.instant,
      asks: 'something',
      ip: taken(scan.ipFrom, scan.ipTo),
      user: part(scan.userFrom, scan.userTo),
      method: taken(scan.methodFrom, scan.methodTo),
      target: taken(scan.targetFrom, scan.targetTo),
      status: scan.status,
      bytes: scan.bytesFrom < 0 ? undefined : Number(taken(scan.bytesFrom, scan.bytesTo)),
      seconds: undefined,
      referrer: part(scan.referrerFrom, scan.referrerTo),
      agent: part(scan.agentFrom, scan.agentTo),
      host: undefined,
      extra: undefined,
    };
  }

  /** Whether what the general way found is written here. */
  writes({ routed, reader, request }: LineEvent): boolean {
    return routed?.properties === undefined && reader === request.user;
  }

  /** What the visit of the line is known by. */
  visit(): number {
    const { bytes } = this.line;
    const { ipFrom, ipTo, userFrom, userTo } = this.scan;
    return userFrom < 0
      ? bytesKey(partBases.address, bytes, ipFrom, ipTo, this.agent.part)
      : bytesKey(partBases.reader, bytes, userFrom, userTo, undefined);
  }

  /** Writes the event of the line. */
  write(writer: PackWriter, event: WrittenEvent): void {
    this.#writer.write(writer, this, event);
  }

  #dropped(firstTo: number, method: string): string | undefined {
    const { bytes } = this.line;
    const { targetFrom, targetTo, status, agentFrom, agentTo } = this.scan;
    let pathTo = firstTo;
    while (pathTo < targetTo && bytes[pathTo] !== mark) pathTo++;
    const agent = agentFrom < 0 ? undefined : bytes.toString('latin1', agentFrom, agentTo);
    return this.#rules.drop({ method, status, agent }, bytes.toString('latin1', targetFrom, pathTo));
  }

  /** Finds the second part of the path, of two; false when the path is another, or the request none that is shown. */
  #readItem({ status: [least, most], withUser, withoutUser }: ItemRoute, firstTo: number): boolean {
    const { bytes } = this.line;
    const { targetTo, status, userFrom } = this.scan;
    if (status < least || status > most || !(userFrom < 0 ? withoutUser : withUser)) return false;
    if (bytes[firstTo] !== slash) return false;
    let at = firstTo + 1;
    for (; at < targetTo; at++) {
      const code = bytes[at];
      if (code === mark) break;
      if (code === slash || code === percent) return false;
    }
    if (at === firstTo + 1 || at - firstTo > idMax) return false;
    this.itemFrom = firstTo + 1;
    this.itemTo = at;
    return true;
  }

  /** Most user agents were seen before, and need not be looked at letter by letter. */
  #readAgent(to: number): boolean {
    const { bytes, view } = this.line;
    const { scan } = this;
    const from = scan.agentFrom;
    if (bytes[to - 1] === quote && to - 1 > from) {
      const known = this.#agents.find(view, from, to - 1);
      if (known !== undefined) {
        this.agent = known;
        scan.agentTo = to - 1;
        if (known.part === undefined) scan.agentFrom = -1;
        return true;
      }
    }
    if (!scanAgent(bytes, to, scan)) return false;
    this.agent = scan.agentFrom < 0 ? noAgent : agentField(bytes.toString('latin1', from, scan.agentTo));
    if (scan.agentTo === to - 1) this.#agents.keep(view, from, to - 1, this.agent);
    return true;
  }

  /** Reads the time; the last one is remembered, which most lines share. */
  #readTime(): boolean {
    const { bytes } = this.line;
    const from = this.scan.timeFrom;
    const known = this.#clf;
    let at = clfLetters - 1;
    while (at >= 0 && bytes[from + at] === known[at]) at--;
    if (at < 0) return true;
    const time = this.#time(bytes.toString('latin1', from, from + clfLetters));
    if (time === undefined || time.instant.length !== instantLetters) return false;
    this.instant = time.instant;
    known.set(bytes.subarray(from, from + clfLetters));
    this.timeMs = time.timeMs;
    return true;
  }

  #learn(from: number, to: number): First {
    const { router, mayBeApi } = this.#rules;
    const name = this.line.bytes.toString('latin1', from, to);
    const other = router.mayApply(name) || mayBeApi(name) ? 'ask' : 'plain';
    return this.#firsts.keep(this.line.view, from, to, router.itemRoute(name) ?? other);
  }
}

function isGetAt(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 71 && bytes[at + 1] === 69 && bytes[at + 2] === 84;
}

/** What is known of a path by its first part: that nothing applies to it, the route of its items, or that all rules are to be asked. */
type First = 'plain' | 'ask' | ItemRoute;

const noAgent: AgentField = { part: undefined, json: new DataView(new ArrayBuffer(0)) };
const pageView = { kind: 'page_view' } as const;
const apiRequest = { kind: 'api_request' } as const;
const firstsMax = 8192;
const agentsMax = 4096;
const instantLetters = '2015-05-17T10:05:03+09:00'.length;
const idMax = 200;
const [slash, mark, percent, quote] = [47, 63, 37, 34];
