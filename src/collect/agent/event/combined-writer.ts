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
  readonly json: DataView;
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
  /** The end of the page, with the app; and the same up to the method, for most events have no item between. */
  readonly #pageEnd: DataView;
  readonly #afterPage: DataView;
  readonly #wholeIp: boolean;
  readonly #heads = new Map<string, Head>();

  constructor({ site = '', app, wholeIp }: EventRules) {
    this.#site = site;
    const named = app === undefined ? '' : `,"app":{"name":${quoted(app, appMax)}}`;
    this.#pageEnd = viewed(`"}${named}`);
    this.#afterPage = viewed(`"}${named}${methodText}`);
    this.#wholeIp = wholeIp;
  }

  /** Writes the event of a line. */
  write(writer: PackWriter, scanned: ScannedLine, event: WrittenEvent): void {
    const { line, scan, agent, itemFrom, itemTo } = scanned;
    const item =
      event.itemId === undefined ? undefined : `,"items":[{"item_id":${quoted(event.itemId, idMax)}}]`;
    writer.room(
      lineMax +
        agent.json.byteLength +
        scan.lineTo -
        scan.ipFrom +
        itemTo -
        itemFrom +
        this.#site.length +
        this.#afterPage.byteLength +
        (item?.length ?? 0) * 3,
    );
    const { bytes, view: out } = writer;
    const start = writer.at;
    const head = this.#headOf(scanned, event);
    bytes.set(head.bytes, start);
    hexDigits(bytes, start + event.seed.length, event.offset);
    let at = start + head.bytes.length;
    let visitAt = head.visitAt === 0 ? 0 : start + head.visitAt;
    if (scan.userFrom >= 0) {
      // The reader stands before the visit.
      at = start + head.timeEnd;
      at = put(out, at, readerField);
      at = copy(out, at, line.view, scan.userFrom, scan.userTo);
      bytes[at++] = quote;
      if (visitAt > 0) visitAt += at - start - head.timeEnd;
      bytes.set(head.bytes.subarray(head.timeEnd), at);
      at += head.bytes.length - head.timeEnd;
    }
    at = this.#writePage(out, at, scanned);
    if (item === undefined && itemFrom === 0) at = put(out, at, this.#afterPage);
    else {
      at = put(out, at, this.#pageEnd);
      if (item !== undefined) at += bytes.write(item, at);
      else {
        at = put(out, at, itemField);
        at = copy(out, at, line.view, itemFrom, itemTo);
        at = put(out, at, itemEnd);
      }
      at = put(out, at, methodField);
    }
    writer.at = this.#writeRest(writer, at, scanned);
    const reader = scan.userFrom < 0 ? undefined : line.bytes.toString('latin1', scan.userFrom, scan.userTo);
    writer.end({ visit: event.visit, timeMs: scanned.timeMs, visitAt, reader });
  }

  #writePage(out: DataView, from: number, { line: { view }, scan }: ScannedLine): number {
    let at = copy(out, from, view, scan.targetFrom, scan.targetTo);
    if (scan.referrerFrom >= 0) {
      at = put(out, at, referrerField);
      at = copy(out, at, view, scan.referrerFrom, scan.referrerTo);
    }
    return at;
  }

  #writeRest(
    { bytes: letter, view: out }: PackWriter,
    from: number,
    { line: { bytes, view }, scan, agent }: ScannedLine,
  ): number {
    let at = copy(out, from, view, scan.methodFrom, scan.methodTo);
    at = put(out, at, statusField);
    at = copy(out, at, view, scan.statusFrom, scan.statusFrom + 3);
    if (scan.bytesFrom >= 0) {
      at = put(out, at, bytesField);
      at = copy(out, at, view, scan.bytesFrom, scan.bytesTo);
    }
    letter[at++] = brace;
    at = put(out, at, agent.json);
    const end = lastQuad(bytes, scan.ipFrom, scan.ipTo);
    const network = end >= 0 ? '' : networkOf(bytes.toString('latin1', scan.ipFrom, scan.ipTo));
    if (network !== undefined) {
      at = put(out, at, ipField);
      if (this.#wholeIp) at = copy(out, at, view, scan.ipFrom, scan.ipTo);
      else if (end < 0) at = letters(letter, at, network);
      else {
        at = copy(out, at, view, scan.ipFrom, end);
        letter[at++] = zero;
      }
      letter[at++] = quote;
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
  return { part: textPart(partBases.agent, text), json: viewed(`,"user_agent":"${text}"`) };
}

/** Bytes of a kind of their own: copying is fast as long as it sees few kinds of arrays. */
function fixed(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text));
}

/** The same for what is copied four bytes at a time. */
function viewed(text: string): DataView {
  return new DataView(fixed(text).buffer);
}

const readerField = viewed(',"reader_id":"');
const referrerField = viewed('","referrer":"');
const itemField = viewed(',"items":[{"item_id":"');
const itemEnd = viewed('"}]');
const methodText = ',"properties":{"method":"';
const methodField = viewed(methodText);
const statusField = viewed('","status":');
const bytesField = viewed(',"bytes":');
const ipField = viewed(',"ip":"');
const eventEnd = viewed('},');
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
