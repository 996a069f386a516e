import {
  clockLetters,
  isBarred,
  isClock,
  isEscaped,
  mayEnd,
  type Column,
  type Escaping,
} from './value-bounds.ts';
import type { ValueForm } from './variables.ts';

/** Why a line has not these columns. */
export interface Misfit {
  readonly column: number;
  readonly reason: string;
}

const [blank, tab, quote] = [32, 9, 34];

/**
 * Finds where the values of a line end. Each reaches to the first place where it may end; when one cannot be what it is then (a list
 * with blanks was cut in the middle), all ways are looked at in one pass over the line for each column, and the values are the
 * shortest ones with which the columns fit to the end of the line, or else to a place before it. Of a line of over 16 KB, for which
 * these would take long, only the first places count.
 *
 * @param from - where the first value begins
 * @param ends - takes where each value ends
 * @returns undefined when they fit
 */
export function fitColumns(
  line: string,
  from: number,
  how: { readonly columns: readonly Column[]; readonly escaping: Escaping; readonly ends: number[] },
): Misfit | undefined {
  const misfit = firstFit(line, from, how);
  if (misfit === undefined || line.length > lettersMax) return misfit;
  for (const free of looser) {
    const columns = how.columns.map((column) =>
      free.includes(column.form) ? { ...column, form: 'free' as const } : column,
    );
    for (const whole of [true, false]) if (anyFit(line, from, { ...how, columns }, whole)) return undefined;
  }
  return misfit;
}

const lettersMax = 16_384;

/** What a client sends as its request, or as X-Forwarded-For, may be anything. */
const looser: readonly (readonly ValueForm[])[] = [[], ['request'], ['request', 'list']];

type How = Parameters<typeof fitColumns>[2];

/** Takes the first end of each value. */
function firstFit(line: string, from: number, { columns, escaping, ends }: How): Misfit | undefined {
  const escaped = line.includes('\\');
  let at = from;
  for (let index = 0; index < columns.length; index++) {
    const column = columns[index];
    if (column === undefined) break;
    const end = firstEnd(line, at, column, escaped && escaping.quotes);
    if (end < 0) return { column: at, reason: `'${column.until}' is missing for $${column.name}` };
    if (!column.quoted && !canBe(line, at, end, column.form, escaping))
      return {
        column: at,
        reason: `'${line.slice(at, Math.min(end, at + shownMax))}' is no $${column.name}`,
      };
    ends[index] = end;
    at = end + column.until.length;
  }
  const last = columns.at(-1);
  if (at === line.length || (last?.quoted === true && escaping.quotes)) return undefined;
  return { column: at, reason: `the line goes on with '${line.slice(at, at + shownMax)}'` };
}

const shownMax = 60;

function firstEnd(line: string, from: number, column: Column, escaped: boolean): number {
  const { until, quoted, form } = column;
  if (until === '') return line.length;
  if (form === 'clock' && isClock(line, from))
    return line.startsWith(until, from + clockLetters) ? from + clockLetters : -1;
  let end = line.indexOf(until, from);
  if (quoted && escaped) while (end > from && isEscaped(line, end, from)) end = line.indexOf(until, end + 1);
  if (form === 'list' || form === 'request')
    while (end >= 0 && !mayEnd(line, from, end, column)) end = line.indexOf(until, end + 1);
  return end;
}

function canBe(line: string, from: number, end: number, form: ValueForm, escaping: Escaping): boolean {
  if (form === 'clock' && end - from === clockLetters) return true;
  if (form === 'clock' && isClock(line, from)) return false;
  if (form === 'word') return isWord(line, from, end);
  if (form === 'free' || form === 'clock') {
    const found = line.indexOf('"', from);
    if (found < 0 || found >= end) return true;
  }
  for (let at = from; at < end; at++) if (isBarred(line, at, from, form, escaping)) return false;
  return true;
}

/** Whether there is no blank and no quote; of others the general way may find something. */
function isWord(line: string, from: number, end: number): boolean {
  for (let at = from; at < end; at++) {
    const code = line.charCodeAt(at);
    if (code <= quote && (code === blank || code === tab || code === quote)) return false;
  }
  return true;
}

/** Finds the shortest values with which all columns fit; false when there are none. */
function anyFit(line: string, from: number, { columns, escaping, ends }: How, whole: boolean): boolean {
  const width = line.length + 1;
  const table = tableOf(columns.length * width);
  for (let index = columns.length - 1; index >= 0; index--) {
    const column = columns[index];
    if (column === undefined) break;
    const { until, form } = column;
    const isLast = index === columns.length - 1;
    const [row, next] = [index * width, (index + 1) * width];
    const fits = (end: number): boolean => {
      if (until === '')
        return (
          end === line.length ||
          (!whole && (form === 'word' || form === 'number') && line.charCodeAt(end) === blank)
        );
      if (!line.startsWith(until, end) || !mayEnd(line, from, end, column)) return false;
      if (column.quoted && escaping.quotes && isEscaped(line, end, from)) return false;
      const after = end + until.length;
      return isLast ? !whole || after === line.length : (table[next + after] ?? -1) >= 0;
    };
    let end = -1;
    for (let at = line.length; at >= from; at--) {
      if (isBarred(line, at, from, form, escaping)) end = -1;
      if (fits(at)) end = at;
      const fixed = form === 'clock' && isClock(line, at) ? at + clockLetters : -1;
      table[row + at] = fixed < 0 ? end : fits(fixed) ? fixed : -1;
    }
  }
  let at = from;
  for (const [index, { until }] of columns.entries()) {
    const end = table[index * width + at] ?? -1;
    if (end < 0) return false;
    ends[index] = end;
    at = end + until.length;
  }
  return true;
}

/** Memory for the ends of all values from all places, which the next line uses again. */
let memory = new Int32Array(0);

function tableOf(length: number): Int32Array {
  if (memory.length < length) memory = new Int32Array(length);
  return memory;
}
