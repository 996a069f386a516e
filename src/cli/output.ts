import { OctavoError, toOctavoError } from '../base/index.ts';
import { jsonText, toText, type Row } from './table-text.ts';

/** Rows as CSV (RFC 4180). */
export function renderCsv(rows: readonly Row[], columns: readonly string[]): string {
  const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const line = (texts: readonly string[]): string => texts.map(quote).join(',');
  return [line(columns), ...rows.map((row) => line(columns.map((name) => toText(row[name]))))].join('\n');
}

/** How an error is told: what happened, what to do, and on what. */
export function renderError(
  thrown: unknown,
  options: { readonly json: boolean; readonly debug: boolean },
): string {
  const error = toOctavoError(thrown);
  const { code, message, retryable } = error;
  const hint = typeof error.details['hint'] === 'string' ? error.details['hint'] : error.hint;
  if (options.json) return jsonText({ error: { code, message, hint, retryable, ...error.details } });
  const stack = options.debug || code === 'internal' ? `\n${causeOf(thrown)}` : '';
  return `error: ${message}\n  hint: ${hint}\n  code: ${code}${stack}`;
}

/** Exit codes: 2 for a call that cannot work as written, 1 for everything that failed while it ran. */
export function exitCodeOf(thrown: unknown): number {
  const error = thrown instanceof OctavoError ? thrown : toOctavoError(thrown);
  return error.status >= 400 && error.status < 500 && error.code !== 'cancelled' ? 2 : 1;
}

function causeOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
