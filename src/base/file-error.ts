import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { OctavoError, type ErrorCode } from './errors.ts';

/** A file of a project that could not be loaded. */
export interface FailedFile {
  /** Absolute. */
  readonly path: string;
  /** How the file is named in the error, e.g. `tasks/report.ts`. */
  readonly shown: string;
  /** For what is no error of ours yet. */
  readonly code: ErrorCode;
  readonly thrown: unknown;
}

/** What a file threw while it was loaded, as an error that names the file and the line in it. */
export function fileError({ path, shown, code, thrown }: FailedFile): OctavoError {
  const line = lineOfName(path, thrown) ?? lineIn(path, thrown);
  const about =
    thrown instanceof OctavoError ? thrown.about : thrown instanceof Error ? thrown.message : String(thrown);
  return new OctavoError(
    thrown instanceof OctavoError ? thrown.code : code,
    `${shown}${line === undefined ? '' : `:${line}`}: ${about}`,
    { cause: thrown, details: { file: shown, line } },
  );
}

/** The first line with the name that a file does not define: the stack has line 1 for some of them. */
function lineOfName(path: string, thrown: unknown): number | undefined {
  const name =
    thrown instanceof ReferenceError ? /^([\w$]+) is not defined$/.exec(thrown.message)?.[1] : undefined;
  if (name === undefined) return undefined;
  const whole = new RegExp(`(?<![\\w$])${name.replaceAll('$', String.raw`\$`)}(?![\\w$])`);
  const found = readFileSync(path, 'utf8')
    .split('\n')
    .findIndex((line) => whole.test(line));
  return found < 0 ? undefined : found + 1;
}

/** The line of a file that an error's stack names first. */
function lineIn(path: string, thrown: unknown): number | undefined {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  for (const name of [pathToFileURL(path).href, path]) {
    const at = stack.indexOf(name);
    const line = /^(?:\?[^:\s]*)?:(\d+)/.exec(at < 0 ? '' : stack.slice(at + name.length))?.[1];
    if (line !== undefined) return Number(line);
  }
  return undefined;
}
