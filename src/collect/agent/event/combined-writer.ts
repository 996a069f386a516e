import { copy, hexDigits, letters, put } from '../deliver/put-bytes.ts';
import { visitLetters, type PackWriter } from '../deliver/event-pack.ts';
import type { LineScan } from '../line/scan-combined.ts';
import { quoted, type EventRules } from './line-event.ts';
import { lastQuad, networkOf } from './network.ts';
import { partBases, textPart, type KeyPart } from './visit-key.ts';

/** The lines of a stretch of a file. */
export interface LineBytes {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/** What is remembered of a user agent. */
export interface AgentField {
  /** Its part of what a visit is known by. */
  readonly part: KeyPart | undefined;
  /** `,"user_agent":"…"`; empty when there is none. */
  readonly json: Uint8Array;
}

/** A line that was taken apart, as it is written. */
export interface ScannedLine {
  readonly line: LineBytes;
  readonly scan: LineScan;
  /** `2015-05-17T10:05:03+09:00` */
  readonly instant: string;
  readonly timeMs: number;
  readonly agent: AgentField;
  /** Where its item's id lies in the line; 0 when it has none there. */
  readonly itemFrom: number;
  readonly itemTo: number;
}

/** What is known of an event beside its line. */
export interface WrittenEvent {
  /** `{"id":"` and the beginning of the id. */
  readonly seed: Uint8Array;
  /** Of the line, the rest of its id. */
  readonly offset: number;
  readonly kind: string;
  /** Of the item, when it does not lie in the line as it is. */
  readonly itemId: string | undefined;
  readonly visit: number;
  readonly withVisit: boolean;
}

/** Writes events from the bytes of their lines. */
export class CombinedWriter {
  readonly #site: string;
  readonly #app: Uint8Array;
  readonly #wholeIp: boolean;
  readonly #heads = new Map<string, Head>();

  constructor({ site = '', app, wholeIp }: EventRules) {
    this.#site = site;
    this.#app = fixed(app === undefined ? '' : `,"app":{"name":${quoted(app, appMax)}}`);
    this.#wholeIp = wholeIp;
  }

  /** Writes the event of a line. */
  write(writer: PackWriter, scanned: ScannedLine, event: WrittenEvent): void {
    const { line, scan, agent, itemFrom, itemTo } = scanned;
    const item =
      event.itemId === undefined ? undefined : `,"items":[{"item_id":${quoted(event.itemId, idMax)}}]`;
    writer.room(
      lineMax +
        agent.json.length +
        scan.lineTo -
        scan.ipFrom +
        itemTo -
        itemFrom +
        this.#site.length +
        this.#app.length +
        (item?.length ?? 0) * 3,
    );
    const out = writer.bytes;
    const start = writer.at;
    const head = this.#headOf(scanned, event);
    out.set(head.bytes, start);
    hexDigits(out, start + event.seed.length, event.offset);
    let at = start + head.bytes.length;
    let visitAt = head.visitAt === 0 ? 0 : start + head.visitAt;
    if (scan.userFrom >= 0) {
      // The reader stands before the visit.
      at = start + head.timeEnd;
      at = put(out, at, readerField);
      at = copy(out, at, line.bytes, scan.userFrom, scan.userTo);
      out[at++] = quote;
      if (visitAt > 0) visitAt += at - start - head.timeEnd;
      out.set(head.bytes.subarray(head.timeEnd), at);
      at += head.bytes.length - head.timeEnd;
    }
    at = this.#writePage(out, at, scanned);
    if (item !== undefined) at += writer.bytes.write(item, at);
    else if (itemFrom > 0) {
      at = put(out, at, itemField);
      at = copy(out, at, line.bytes, itemFrom, itemTo);
      at = put(out, at, itemEnd);
    }
    writer.at = this.#writeRest(out, at, scanned);
    const reader = scan.userFrom < 0 ? undefined : line.bytes.toString('latin1', scan.userFrom, scan.userTo);
    writer.end({ visit: event.visit, timeMs: scanned.timeMs, visitAt, reader });
  }

  #writePage(out: Uint8Array, from: number, { line: { bytes }, scan }: ScannedLine): number {
    let at = copy(out, from, bytes, scan.targetFrom, scan.targetTo);
    if (scan.referrerFrom >= 0) {
      at = put(out, at, referrerField);
      at = copy(out, at, bytes, scan.referrerFrom, scan.referrerTo);
    }
    at = put(out, at, pageEnd);
    return put(out, at, this.#app);
  }

  #writeRest(out: Uint8Array, from: number, { line: { bytes }, scan, agent }: ScannedLine): number {
    let at = put(out, from, methodField);
    at = copy(out, at, bytes, scan.methodFrom, scan.methodTo);
    at = put(out, at, statusField);
    at = copy(out, at, bytes, scan.statusFrom, scan.statusFrom + 3);
    if (scan.bytesFrom >= 0) {
      at = put(out, at, bytesField);
      at = copy(out, at, bytes, scan.bytesFrom, scan.bytesTo);
    }
    out[at++] = brace;
    at = put(out, at, agent.json);
    const end = lastQuad(bytes, scan.ipFrom, scan.ipTo);
    const network = end >= 0 ? '' : networkOf(bytes.toString('latin1', scan.ipFrom, scan.ipTo));
    if (network !== undefined) {
      at = put(out, at, ipField);
      if (this.#wholeIp) at = copy(out, at, bytes, scan.ipFrom, scan.ipTo);
      else if (end < 0) at = letters(out, at, network);
      else {
        at = copy(out, at, bytes, scan.ipFrom, end);
        out[at++] = zero;
      }
      out[at++] = quote;
    }
    return put(out, at, eventEnd);
  }

  /** Most events begin as another one of their kind, but for the rest of the id. */
  #headOf(scanned: ScannedLine, { seed, kind, withVisit }: WrittenEvent): Head {
    const known = this.#heads.get(kind);
    const { instant } = scanned;
    if (known?.instant === instant && known.seed === seed && known.withVisit === withVisit) return known;
    const start = `${Buffer.from(seed).toString('latin1')}${'0'.repeat(12)}","kind":"${kind}","occurred_at":"${instant}"`;
    const visit = withVisit ? `,"session_id":"${'0'.repeat(visitLetters)}"` : '';
    const head = {
      bytes: fixed(`${start}${visit},"page":{"url":"${this.#site}`),
      timeEnd: start.length,
      visitAt: withVisit ? start.length + visit.length - visitLetters - 1 : 0,
      instant,
      seed,
      withVisit,
    };
    this.#heads.set(kind, head);
    return head;
  }
}

/** The beginning of an event up to its address. */
interface Head {
  readonly bytes: Uint8Array;
  /** Where the time ends, and the visit begins. */
  readonly timeEnd: number;
  /** Where the id of the visit lies; 0 without one. */
  readonly visitAt: number;
  readonly instant: string;
  readonly seed: Uint8Array;
  readonly withVisit: boolean;
}

/** What is to be remembered of a user agent whose letters stand for themselves. */
export function agentField(text: string): AgentField {
  return { part: textPart(partBases.agent, text), json: fixed(`,"user_agent":"${text}"`) };
}

/** Bytes of a kind of their own: copying is fast as long as it sees few kinds of arrays. */
function fixed(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text));
}

const readerField = fixed(',"reader_id":"');
const referrerField = fixed('","referrer":"');
const pageEnd = fixed('"}');
const itemField = fixed(',"items":[{"item_id":"');
const itemEnd = fixed('"}]');
const methodField = fixed(',"properties":{"method":"');
const statusField = fixed('","status":');
const bytesField = fixed(',"bytes":');
const ipField = fixed(',"ip":"');
const eventEnd = fixed('},');
const appMax = 200;
const idMax = 200;
/** Most bytes of an event beside what is copied from its line. */
const lineMax = 700;
const [quote, brace, zero] = [34, 125, 48];
const siteMax = 1000;

/** A site that is written as it is; undefined when it would have to be escaped or cut. */
export function plainSite(site: string | undefined): string | undefined {
  return site === undefined || (site.length <= siteMax && /^[!#-[\]-~]*$/.test(site))
    ? (site ?? '')
    : undefined;
}
