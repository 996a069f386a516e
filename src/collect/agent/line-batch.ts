import { count } from '../../base/index.ts';
import type { RefusedLine } from './deliver/sink.ts';
import { eventText, lineEvent, type LineEvent } from './event/line-event.ts';
import type { Sessions } from './event/sessions.ts';
import { idAt } from './file/fingerprint.ts';
import type { ReadLines } from './file/read-file.ts';
import type { Stretch } from './file/tracked-file.ts';
import type { Input } from './input.ts';
import { isLineFailure, type LineFailure } from './line/log-request.ts';

/** The lines of one read, parsed; what they become is written when the visits are known. */
export interface LineBatch {
  readonly stretch: Stretch;
  readonly input: Input;
  readonly lines: readonly LineEvent[];
  /** Places of the lines. */
  readonly offsets: readonly number[];
  readonly refused: readonly RefusedLine[];
  readonly bytes: number;
  /** Oldest and newest time of the lines. */
  readonly oldestMs: number;
  readonly newestMs: number;
  /** When it was read. */
  readonly readMs: number;
}

/** Parses what was read, notes the visits, and counts what becomes of every line. */
export function lineBatch(
  read: ReadLines,
  input: Input,
  sessions: Sessions | undefined,
  readMs: number,
): LineBatch {
  const { stretch, from, records, bytes } = read;
  const { seed, path } = stretch.file;
  const lines: LineEvent[] = [];
  const offsets: number[] = [];
  const refused: RefusedLine[] = [];
  const dropped = new Map<string, number>();
  let oldestMs = Infinity;
  let newestMs = -Infinity;
  const refuse = (failure: LineFailure, text: string, offset: number): void => {
    const error = { code: failure.code, path: '', rule: failure.rule, message: failure.message };
    refused.push({ id: idAt(seed, offset), error, line: text, file: path, offset });
  };
  for (const { text, start, cut } of records) {
    const offset = from + start;
    if (cut) {
      refuse(tooLong, text, offset);
      continue;
    }
    const request = input.parse(text);
    if (isLineFailure(request)) {
      refuse(request, text, offset);
      continue;
    }
    const line = lineEvent(input.rules, request);
    if (typeof line === 'string') dropped.set(line, (dropped.get(line) ?? 0) + 1);
    else if (line === undefined) refuse(noRequest, text, offset);
    else {
      lines.push(line);
      offsets.push(offset);
      if (request.timeMs > newestMs) newestMs = request.timeMs;
      if (request.timeMs < oldestMs) oldestMs = request.timeMs;
      sessions?.see(line.visit, request.timeMs);
    }
  }
  for (const [rule, lines] of dropped) count('octavo_collect_ship_dropped_total', { rule }, lines);
  if (refused.length > 0) count('octavo_collect_ship_refused_total', {}, refused.length);
  if (read.broken > 0) count('octavo_collect_ship_broken_letters_total', {}, read.broken);
  count('octavo_collect_ship_lines_total', {}, records.length);
  return { stretch, input, lines, offsets, refused, bytes, oldestMs, newestMs, readMs };
}

const tooLong: LineFailure = {
  code: 'log_line_too_long',
  rule: 'line_bytes',
  message: 'the line is longer than allowed; it is cut',
};
const noRequest: LineFailure = {
  code: 'log_line_invalid',
  rule: 'request',
  message: "the line has no request; set 'kind' to keep such lines as events",
};

/** The events of a batch, each JSON without its closing brace. */
export function eventsOf(batch: LineBatch, sessions: Sessions | undefined): readonly string[] {
  const { lines, offsets, input, stretch } = batch;
  const { seed } = stretch.file;
  return lines.map((line, index) => {
    const session = sessions?.idAt(line.visit, line.request.timeMs);
    return eventText(input.rules, line, idAt(seed, offsets[index] ?? 0), session);
  });
}
