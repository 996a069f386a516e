import stringWidth from 'string-width';
import { OctavoError, toOctavoError } from '../base/index.ts';

/** Where a command writes; a test passes its own. */
export interface Terminal {
  /** The answer itself. */
  readonly out: (text: string) => void;
  /** Progress, notices and errors. */
  readonly err: (text: string) => void;
  /** Whether `err` is a terminal on which a line can be rewritten. */
  readonly interactive: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

/** The process's own terminal. */
export function processTerminal(): Terminal {
  return {
    out: (text) => process.stdout.write(`${text}\n`),
    err: (text) => process.stderr.write(`${text}\n`),
    interactive: process.stderr.isTTY,
    width: process.stdout.columns ?? 100,
  };
}

/** A row of a printed table. */
export type Row = Readonly<Record<string, unknown>>;

/** Rows as an aligned table; texts left, numbers right; Korean letters take two columns. */
export function renderTable(rows: readonly Row[], columns?: readonly string[]): string {
  const names = columns ?? [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = rows.map((row) => names.map((name) => toText(row[name])));
  const numeric = names.map(
    (name) =>
      rows.some((row) => row[name] !== null && row[name] !== undefined) &&
      rows.every((row) => isNumber(row[name])),
  );
  const widths = names.map((name, index) =>
    Math.max(stringWidth(name), ...cells.map((line) => stringWidth(line[index] ?? ''))),
  );
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, index) => pad(text, widths[index] ?? 0, numeric[index] === true))
      .join('  ')
      .trimEnd();
  return [line(names), line(widths.map((width) => '─'.repeat(width))), ...cells.map(line)].join('\n');
}

/** Rows as CSV (RFC 4180). */
export function renderCsv(rows: readonly Row[], columns: readonly string[]): string {
  const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const line = (texts: readonly string[]): string => texts.map(quote).join(',');
  return [line(columns), ...rows.map((row) => line(columns.map((name) => toText(row[name]))))].join('\n');
}

/** JSON in which 64-bit integers are texts. */
export function renderJson(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_key, field: unknown) => (typeof field === 'bigint' ? field.toString() : field),
    indent,
  );
}

/** A value in a cell. */
export function toText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object') return renderJson(value);
  return String(value);
}

/** How an error is told: what happened, what to do, and on what. */
export function renderError(
  thrown: unknown,
  options: { readonly json: boolean; readonly debug: boolean },
): string {
  const error = toOctavoError(thrown);
  if (options.json) {
    return renderJson({
      error: {
        code: error.code,
        message: error.message,
        hint: error.hint,
        retryable: error.retryable,
        ...error.details,
      },
    });
  }
  const stack = options.debug || error.code === 'internal' ? `\n${causeOf(thrown)}` : '';
  return `error: ${error.message}\n  hint: ${error.hint}\n  code: ${error.code}${stack}`;
}

/** Exit codes: 2 for a call that cannot work as written, 1 for everything that failed while it ran. */
export function exitCodeOf(thrown: unknown): number {
  const error = thrown instanceof OctavoError ? thrown : toOctavoError(thrown);
  return error.status >= 400 && error.status < 500 && error.code !== 'cancelled' ? 2 : 1;
}

function causeOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}

function isNumber(value: unknown): boolean {
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'bigint')
    return true;
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) && value.length <= 18;
}

function pad(text: string, width: number, right: boolean): string {
  const gap = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return right ? gap + text : text + gap;
}
