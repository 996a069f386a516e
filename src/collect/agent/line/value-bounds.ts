import type { ValueForm } from './variables.ts';

/** A column of a line: a value, and the text between it and the next. */
export interface Column {
  readonly name: string;
  /** What the value can be; in quotes anything is `free`. */
  readonly form: ValueForm;
  /** The text that ends the value; '' at the end of the line. */
  readonly until: string;
  /** In quotes: a quote after a backslash does not end it. */
  readonly quoted: boolean;
}

/** How a writer keeps the letters of values apart from those between them. */
export interface Escaping {
  /** Whether a quote in a value has a backslash before it, or is written in another way. */
  readonly quotes: boolean;
}

const [blank, tab, quote, comma, dash, dot, slash, colon, backslash] = [32, 9, 34, 44, 45, 46, 47, 58, 92];

/** Whether a letter cannot be in a value of a form. */
export function isBarred(
  line: string,
  at: number,
  from: number,
  form: ValueForm,
  escaping: Escaping,
): boolean {
  const code = line.charCodeAt(at);
  if (form === 'number') return !((code >= 48 && code <= 57) || code === dot || code === dash);
  if (code === quote) return escaping.quotes && !isEscaped(line, at, from);
  if (code > blank || (code !== blank && code !== tab)) return false;
  return form === 'word' || (form === 'list' && !isBetween(line, at));
}

/** Whether a blank is one between the words of a list: after a comma, before or after a colon between blanks. */
function isBetween(line: string, at: number): boolean {
  const before = line.charCodeAt(at - 1);
  if (before === comma) return true;
  if (before === colon && line.charCodeAt(at - 2) === blank) return true;
  return line.startsWith(' : ', at);
}

/** Whether a value may end at a place where the text after it stands. */
export function mayEnd(line: string, from: number, end: number, { form, until }: Column): boolean {
  if (form === 'list') return until.charCodeAt(0) !== blank || end === from || !isBetween(line, end);
  return (
    form !== 'request' || isNone(line, from, end) || protocol.test(line.slice(end - protocolLetters, end))
  );
}

const protocol = / HTTP\/\d(?:\.\d)?$/;
const protocolLetters = ' HTTP/1.1'.length;

function isNone(line: string, from: number, end: number): boolean {
  return end === from || (end - from === 1 && line[from] === '-');
}

/** Of `17/May/2015:10:05:03 +0900`. */
export const clockLetters = 26;

/** Whether `17/May/2015:10:05:03 +0900` stands at a place, by what is between its numbers. */
export function isClock(line: string, at: number): boolean {
  return (
    line.charCodeAt(at + 2) === slash &&
    line.charCodeAt(at + 6) === slash &&
    line.charCodeAt(at + 11) === colon &&
    line.charCodeAt(at + 14) === colon &&
    line.charCodeAt(at + 17) === colon &&
    line.charCodeAt(at + 20) === blank
  );
}

/** Whether an odd number of backslashes stands before a place. */
export function isEscaped(line: string, place: number, from: number): boolean {
  let at = place - 1;
  while (at >= from && line.charCodeAt(at) === backslash) at--;
  return (place - 1 - at) % 2 === 1;
}
