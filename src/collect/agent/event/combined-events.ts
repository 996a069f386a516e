import { clfLetters, LineScan, scanCombined } from '../line/scan-combined.ts';
import type { LogRequest } from '../line/log-request.ts';
import type { TimeParser } from '../line/log-time.ts';
import { visitLetters, type PackWriter } from '../deliver/event-pack.ts';
import { quoted, type EventRules, type LineEvent } from './line-event.ts';
import { lastQuad, networkOf } from './network.ts';
import { sessionKeyAt } from './sessions.ts';

/** The lines of a stretch of a file, one byte a letter both ways. */
export interface LineBytes {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/**
 * Writes the events of plain lines of the combined (or common) log format from their bytes into the bytes of the event, without
 * anything in between: most lines of most logs. It gives what the general way gives; lines that it does not know are left to that.
 */
export class CombinedEvents {
  readonly #rules: EventRules;
  readonly #time: TimeParser;
  readonly #combined: boolean;
  readonly #scan = new LineScan();
  readonly #parts: Parts;
  /** The last time as it was written, and what it means. */
  readonly #clf = new Uint8Array(clfLetters);
  readonly #instant = new Uint8Array(instantLetters);
  #instantText = '';
  #timeMs = NaN;
  /** What is known of a path by its first part: its kind, or that routes and rules are to be asked. */
  readonly #firsts = new Map<string, First>();
  #line: LineBytes = { bytes: new Uint8Array(0), text: '' };

  constructor(rules: EventRules, options: { readonly combined: boolean; readonly time: TimeParser }) {
    this.#rules = rules;
    this.#time = options.time;
    this.#combined = options.combined;
    this.#parts = {
      site: Buffer.from(plainSite(rules.site) ?? ''),
      app: Buffer.from(rules.app === undefined ? '' : `,"app":{"name":${quoted(rules.app, appMax)}}`),
    };
  }

  /** Takes a line apart; false when it is for the general way. */
  scan(line: LineBytes, from: number, to: number): boolean {
    this.#line = line;
    return scanCombined(line.bytes, from, to, this.#combined, this.#scan) && this.#readTime();
  }

  get timeMs(): number {
    return this.#timeMs;
  }

  /** The kind of the line that was taken apart, when its path says it alone; a name of a rule that drops it; else undefined. */
  plain(): { readonly kind?: string; readonly dropped?: string } | undefined {
    const { bytes, text } = this.#line;
    const { targetFrom, targetTo, status, methodFrom, methodTo, agentFrom, agentTo } = this.#scan;
    let end = targetFrom + 1;
    while (end < targetTo && bytes[end] !== slash && bytes[end] !== mark) end++;
    if (end === targetFrom + 1) return undefined;
    const name = text.slice(targetFrom + 1, end);
    const first = this.#firsts.get(name) ?? this.#learn(name);
    if (first === 'ask') return undefined;
    const isGet = methodTo - methodFrom === 3 && text.startsWith('GET', methodFrom);
    if (this.#rules.drops) {
      let pathTo = end;
      while (pathTo < targetTo && bytes[pathTo] !== mark) pathTo++;
      const agent = agentFrom < 0 ? undefined : text.slice(agentFrom, agentTo);
      const method = isGet ? 'GET' : text.slice(methodFrom, methodTo);
      const dropped = this.#rules.drop({ method, status, agent }, text.slice(targetFrom, pathTo));
      if (dropped !== undefined) return { dropped };
    }
    return isGet && status >= 200 && status < 400 ? pageView : apiRequest;
  }

  /** The line as a request. */
  request(): LogRequest {
    const { text } = this.#line;
    const scan = this.#scan;
    const part = (from: number, to: number): string | undefined =>
      from < 0 ? undefined : text.slice(from, to);
    return {
      timeMs: this.#timeMs,
      instant: this.#instantText,
      ip: text.slice(scan.ipFrom, scan.ipTo),
      user: part(scan.userFrom, scan.userTo),
      method: text.slice(scan.methodFrom, scan.methodTo),
      target: text.slice(scan.targetFrom, scan.targetTo),
      status: scan.status,
      bytes: scan.bytesFrom < 0 ? undefined : Number(text.slice(scan.bytesFrom, scan.bytesTo)),
      seconds: undefined,
      referrer: this.#combined ? part(scan.referrerFrom, scan.referrerTo) : undefined,
      agent: this.#combined ? part(scan.agentFrom, scan.agentTo) : undefined,
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
    const { text } = this.#line;
    const { ipFrom, ipTo, userFrom, userTo, agentFrom, agentTo } = this.#scan;
    return userFrom < 0
      ? sessionKeyAt(false, text, ipFrom, ipTo, text, this.#combined ? agentFrom : -1, agentTo)
      : sessionKeyAt(true, text, userFrom, userTo, text, -1, 0);
  }

  /**
   * Writes the event of the line.
   *
   * @param seed - `{"id":"` and the beginning of the id
   * @param offset - of the line, the rest of its id
   */
  write(
    writer: PackWriter,
    event: {
      readonly seed: Uint8Array;
      readonly offset: number;
      readonly kind: string;
      readonly itemId: string | undefined;
      readonly visit: number;
      readonly withVisit: boolean;
    },
  ): void {
    const { bytes } = this.#line;
    const scan = this.#scan;
    const item =
      event.itemId === undefined ? undefined : `,"items":[{"item_id":${quoted(event.itemId, idMax)}}]`;
    writer.room(
      lineMax +
        scan.agentTo +
        scan.targetTo -
        scan.ipFrom +
        this.#parts.site.length +
        this.#parts.app.length +
        (item?.length ?? 0) * 3,
    );
    const out = writer.bytes;
    let at = put(out, writer.at, event.seed);
    at = hexDigits(out, at, event.offset);
    at = put(out, at, kindField(event.kind));
    at = put(out, at, this.#instant);
    at = put(out, at, quoteEnd);
    if (scan.userFrom >= 0) {
      at = put(out, at, readerField);
      at = copy(out, at, bytes, scan.userFrom, scan.userTo);
      at = put(out, at, quoteEnd);
    }
    let visitAt = 0;
    if (event.withVisit) {
      at = put(out, at, visitField);
      visitAt = at;
      at += visitLetters;
      at = put(out, at, quoteEnd);
    }
    at = put(out, at, pageField);
    at = put(out, at, this.#parts.site);
    at = copy(out, at, bytes, scan.targetFrom, scan.targetTo);
    if (this.#combined && scan.referrerFrom >= 0) {
      at = put(out, at, referrerField);
      at = copy(out, at, bytes, scan.referrerFrom, scan.referrerTo);
    }
    at = put(out, at, pageEnd);
    at = put(out, at, this.#parts.app);
    if (item !== undefined) at += writer.bytes.write(item, at);
    writer.at = this.#writeRest(out, at);
    writer.end(event.visit, this.#timeMs, visitAt);
  }

  #writeRest(out: Uint8Array, from: number): number {
    const { bytes, text } = this.#line;
    const scan = this.#scan;
    let at = put(out, from, methodField);
    at = copy(out, at, bytes, scan.methodFrom, scan.methodTo);
    at = put(out, at, statusField);
    at = copy(out, at, bytes, scan.statusFrom, scan.statusFrom + 3);
    if (scan.bytesFrom >= 0) {
      at = put(out, at, bytesField);
      at = copy(out, at, bytes, scan.bytesFrom, scan.bytesTo);
    }
    at = put(out, at, propertiesEnd);
    if (this.#combined && scan.agentFrom >= 0) {
      at = put(out, at, agentField);
      at = copy(out, at, bytes, scan.agentFrom, scan.agentTo);
      at = put(out, at, quoteEnd);
    }
    const end = lastQuad(text, scan.ipFrom, scan.ipTo);
    const { wholeIp } = this.#rules;
    const network = end >= 0 ? '' : networkOf(text.slice(scan.ipFrom, scan.ipTo));
    if (network !== undefined) {
      at = put(out, at, ipField);
      if (wholeIp) at = copy(out, at, bytes, scan.ipFrom, scan.ipTo);
      else if (end < 0) at = letters(out, at, network);
      else at = letters(out, copy(out, at, bytes, scan.ipFrom, end), '0');
      at = put(out, at, quoteEnd);
    }
    return put(out, at, eventEnd);
  }

  /** Reads the time; the last one is remembered, which most lines share. */
  #readTime(): boolean {
    const { bytes, text } = this.#line;
    const from = this.#scan.timeFrom;
    const known = this.#clf;
    let at = clfLetters - 1;
    while (at >= 0 && bytes[from + at] === known[at]) at--;
    if (at < 0) return true;
    const time = this.#time(text.slice(from, from + clfLetters));
    if (time === undefined || time.instant.length !== instantLetters) return false;
    letters(this.#instant, 0, time.instant);
    this.#instantText = time.instant;
    copy(known, 0, bytes, from, from + clfLetters);
    this.#timeMs = time.timeMs;
    return true;
  }

  #learn(name: string): First {
    const { router, mayBeApi } = this.#rules;
    const first = router.mayApply(name) || mayBeApi(name) ? 'ask' : 'plain';
    if (this.#firsts.size >= firstsMax) this.#firsts.clear();
    // A copy of the letters: a part of a text keeps the whole in memory.
    this.#firsts.set(Buffer.from(name, 'latin1').toString('latin1'), first);
    return first;
  }
}

type First = 'plain' | 'ask';

interface Parts {
  readonly site: Uint8Array;
  readonly app: Uint8Array;
}

const pageView = { kind: 'page_view' } as const;
const apiRequest = { kind: 'api_request' } as const;
const kindFields = new Map<string, Uint8Array>();
const quoteEnd = Buffer.from('"');
const readerField = Buffer.from(',"reader_id":"');
const visitField = Buffer.from(',"session_id":"');
const pageField = Buffer.from(',"page":{"url":"');
const referrerField = Buffer.from('","referrer":"');
const pageEnd = Buffer.from('"}');
const methodField = Buffer.from(',"properties":{"method":"');
const statusField = Buffer.from('","status":');
const bytesField = Buffer.from(',"bytes":');
const propertiesEnd = Buffer.from('}');
const agentField = Buffer.from(',"user_agent":"');
const ipField = Buffer.from(',"ip":"');
const eventEnd = Buffer.from('},');
const firstsMax = 10_000;
const instantLetters = '2015-05-17T10:05:03+09:00'.length;
const appMax = 200;
const idMax = 200;
/** Most bytes of an event beside what is copied from its line. */
const lineMax = 600;
const siteMax = 1000;
const [slash, mark] = [47, 63];

/** A site that is written as it is; undefined when it would have to be escaped or cut. */
export function plainSite(site: string | undefined): string | undefined {
  return site === undefined || (site.length <= siteMax && /^[!#-[\]-~]*$/.test(site))
    ? (site ?? '')
    : undefined;
}

/** The end of the id, the kind, and the beginning of the time; a configuration has few kinds. */
function kindField(kind: string): Uint8Array {
  let field = kindFields.get(kind);
  if (field === undefined) kindFields.set(kind, (field = Buffer.from(`","kind":"${kind}","occurred_at":"`)));
  return field;
}

function put(out: Uint8Array, at: number, from: Uint8Array): number {
  return copy(out, at, from, 0, from.length);
}

function copy(out: Uint8Array, at: number, from: Uint8Array, start: number, end: number): number {
  for (let index = start; index < end; index++) out[at++] = from[index] ?? 0;
  return at;
}

function letters(out: Uint8Array, at: number, text: string): number {
  for (let index = 0; index < text.length; index++) out[at++] = text.charCodeAt(index);
  return at;
}

/** Twelve hexadecimal digits. */
function hexDigits(out: Uint8Array, at: number, value: number): number {
  let high = Math.floor(value / 0x1_00_00_00);
  let low = value % 0x1_00_00_00;
  for (let digit = 5; digit >= 0; digit--) {
    out[at + digit] = hex.charCodeAt(high & 15);
    out[at + 6 + digit] = hex.charCodeAt(low & 15);
    high >>= 4;
    low >>= 4;
  }
  return at + 12;
}

const hex = '0123456789abcdef';
