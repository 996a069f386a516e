import { toOctavoError } from '../../base/index.ts';
import type { ShipConfig } from './config.ts';
import { eventText, lineEvent, noRequest } from './event/line-event.ts';
import { headBytes, idAt, seedOf } from './file/fingerprint.ts';
import { gunzipHead, isCutShort, isGzip } from './file/gzip-reader.ts';
import { machineLogFiles, type LogFiles } from './file/log-files.ts';
import { splitLines } from './file/split-lines.ts';
import { cutShort } from './file/tracked-file.ts';
import { compileInput } from './input.ts';
import { isLineFailure } from './line/log-request.ts';
import { absolute } from './open-ship.ts';

/** What one line would become. */
export interface DryLine {
  readonly file: string;
  readonly offset: number;
  readonly line: string;
  /** The event, without what is known only when it is sent. */
  readonly event?: Readonly<Record<string, unknown>>;
  /** Name of the rule that leaves it out. */
  readonly dropped?: string;
  /** Why it becomes a failed event. */
  readonly failed?: string;
}

/** What the first lines of every file would become; nothing is sent or kept. Errors: `ship_config_invalid`. */
export function dryRun(config: ShipConfig, workingDirectory: string, linesMax: number): readonly DryLine[] {
  const files = machineLogFiles();
  const shown: DryLine[] = [];
  for (const one of config.inputs) {
    const input = compileInput(absolute(one, workingDirectory), true);
    for (const path of files.find(input.files, input.exclude)) {
      let bytes: Buffer;
      try {
        bytes = sampleOf(files, path);
      } catch (error) {
        const { cause } = toOctavoError(error);
        const why = isCutShort(error) ? cutShort : cause instanceof Error ? cause.message : String(error);
        shown.push({ file: path, offset: 0, line: '', failed: `the file cannot be read: ${why}` });
        continue;
      }
      const seed = seedOf(config.name ?? '', bytes.subarray(0, headBytes), 0);
      const { records } = splitLines(bytes, input.split, {
        inside: false,
        last: false,
        settled: true,
        cuts: [],
      });
      for (const { text, start } of records.slice(0, linesMax)) {
        const at = { file: path, offset: start, line: text };
        const request = input.parse(text);
        if (isLineFailure(request)) {
          shown.push({ ...at, failed: request.message });
          continue;
        }
        const line = lineEvent(input.rules, request);
        if (typeof line === 'string') shown.push({ ...at, dropped: line });
        else if (line === undefined) shown.push({ ...at, failed: noRequest.message });
        else {
          const event = eventText(input.rules, line, idAt(seed, start), undefined);
          shown.push({ ...at, event: JSON.parse(event) as Readonly<Record<string, unknown>> });
        }
      }
    }
  }
  return shown;
}

const sampleBytes = 64 * 1024;

/** The first bytes of a file, inflated. Errors: `storage_failed`, what zlib throws. */
function sampleOf(files: LogFiles, path: string): Buffer {
  const handle = files.open(path);
  if (handle === undefined) return Buffer.alloc(0);
  try {
    const head = handle.read(0, sampleBytes);
    if (!isGzip(head)) return head;
    const { bytes, error } = gunzipHead(handle, sampleBytes);
    if (error !== undefined) throw error;
    return bytes;
  } finally {
    handle.close();
  }
}
