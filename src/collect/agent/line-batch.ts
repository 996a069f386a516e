import { count } from '../../base/index.ts';
import type { RefusedLine } from './deliver/sink.ts';
import type { BytePool } from './deliver/byte-pool.ts';
import { fillVisits, PackWriter, type EventPack } from './deliver/event-pack.ts';
import { eventText, lineEvent, noRequest } from './event/line-event.ts';
import type { Sessions } from './event/sessions.ts';
import { idAt } from './file/fingerprint.ts';
import type { ReadLines } from './file/read-file.ts';
import type { Stretch } from './file/tracked-file.ts';
import type { Input } from './input.ts';
import { isLineFailure, type LineFailure } from './line/log-request.ts';

/** The lines of one read as events; their visits are written when they are known. */
export interface LineBatch {
  readonly stretch: Stretch;
  readonly events: EventPack;
  readonly refused: readonly RefusedLine[];
  readonly bytes: number;
  /** Oldest and newest time of the lines. */
  readonly oldestMs: number;
  readonly newestMs: number;
  /** When it was read. */
  readonly readMs: number;
}

/** What a batch is made with. */
export interface BatchOptions {
  readonly sessions: Sessions | undefined;
  /** Gets the bytes of the events back when they are delivered. */
  readonly pool: BytePool;
  readonly readMs: number;
}

/** Makes events of what was read, notes the visits, and counts what becomes of every line. */
export function lineBatch(
  read: ReadLines,
  input: Input,
  { sessions, pool, readMs }: BatchOptions,
): LineBatch {
  const { stretch, from, split, content, bytes } = read;
  const { records } = split;
  const { seed, path } = stretch.file;
  const { rules, combined } = input;
  const writer = new PackWriter(records.length, bytes * 3, pool);
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const lineBytes = { bytes: content, view };
  const seedBytes = Buffer.from(`{"id":"${seed}`);
  const withVisit = sessions !== undefined;
  const refused: RefusedLine[] = [];
  const dropped = new Map<string, number>();
  const drop = (rule: string): unknown => dropped.set(rule, (dropped.get(rule) ?? 0) + 1);
  let oldestMs = Infinity;
  let newestMs = -Infinity;
  const seen = (visit: number, timeMs: number): void => {
    if (timeMs > newestMs) newestMs = timeMs;
    if (timeMs < oldestMs) oldestMs = timeMs;
    sessions?.see(visit, timeMs);
  };
  const refuse = (failure: LineFailure, text: string, offset: number): void => {
    const error = { code: failure.code, path: '', rule: failure.rule, message: failure.message };
    refused.push({ id: idAt(seed, offset), error, line: text, file: path, offset });
  };
  for (const record of records) {
    const { start, end, cut } = record;
    const offset = from + start;
    if (cut) {
      refuse(tooLong, record.text, offset);
      continue;
    }
    const short = combined?.take(lineBytes, start, end) === true ? combined : undefined;
    const plain = short?.plain();
    if (plain?.dropped !== undefined) {
      drop(plain.dropped);
      continue;
    }
    if (short !== undefined && plain?.kind !== undefined) {
      const visit = short.visit();
      short.write(writer, { seed: seedBytes, offset, kind: plain.kind, itemId: undefined, visit, withVisit });
      seen(visit, short.timeMs);
      continue;
    }
    const text = short === undefined ? record.text : '';
    const request = short === undefined ? input.parse(text) : short.request();
    if (isLineFailure(request)) {
      refuse(request, text, offset);
      continue;
    }
    const line = lineEvent(rules, request);
    if (typeof line === 'string') drop(line);
    else if (line === undefined) refuse(noRequest, record.text, offset);
    else {
      const { visit, kind } = line;
      if (short?.writes(line) === true)
        short.write(writer, { seed: seedBytes, offset, kind, itemId: line.routed?.itemId, visit, withVisit });
      else
        writer.add((id) => eventText(rules, line, idAt(seed, offset), id), withVisit, {
          visit,
          timeMs: request.timeMs,
          reader: line.reader,
        });
      seen(visit, request.timeMs);
    }
  }
  for (const [rule, lines] of dropped) count('octavo_collect_ship_dropped_total', { rule }, lines);
  if (refused.length > 0) count('octavo_collect_ship_refused_total', {}, refused.length);
  if (split.broken > 0) count('octavo_collect_ship_broken_letters_total', {}, split.broken);
  count('octavo_collect_ship_lines_total', {}, records.length);
  return { stretch, events: writer.pack(), refused, bytes, oldestMs, newestMs, readMs };
}

const tooLong: LineFailure = {
  code: 'log_line_too_long',
  rule: 'line_bytes',
  message: 'the line is longer than allowed; it is cut',
};
/** The events of a batch with their visits. */
export function eventsOf({ events }: LineBatch, sessions: Sessions | undefined): EventPack {
  if (sessions !== undefined)
    fillVisits(events, (key, timeMs, out, at) => sessions.writeId(key, timeMs, out, at));
  return events;
}
