import stringWidth from 'string-width';

/** A row of a printed table. */
export type Row = Readonly<Record<string, unknown>>;

/** A column that must be narrower than this is not readable any more: rows are then shown one below the other. */
const columnWidthMin = 8;
const gap = 2;
const segmenter = new Intl.Segmenter();

/** A table as text, and whether cells were cut to fit. */
export interface TableText {
  readonly text: string;
  readonly cut: boolean;
}

/**
 * Rows as an aligned table; texts left, numbers right; Korean letters take two columns. With a width, the widest
 * columns of text are cut to fit; what can't fit is shown row by row.
 * @param width - columns of the terminal; undefined: as wide as needed
 */
export function tableText(rows: readonly Row[], columns?: readonly string[], width?: number): TableText {
  const names = columns ?? [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = rows.map((row) => names.map((name) => printable(toText(row[name]))));
  const numeric = names.map((name) => isNumeric(rows, name));
  const natural = names.map((name, index) =>
    cells.reduce((widest, line) => Math.max(widest, stringWidth(line[index] ?? '')), stringWidth(name)),
  );
  const widths = fitWidths(natural, numeric, width);
  if (widths === undefined) return recordsText(names, cells, width ?? 0);
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, index) =>
        pad(cutText(text, widths[index] ?? 0), widths[index] ?? 0, numeric[index] === true),
      )
      .join(' '.repeat(gap))
      .trimEnd();
  const rule = widths.map((columnWidth) => '─'.repeat(columnWidth));
  return {
    text: [line(names.map(printable)), line(rule), ...cells.map(line)].join('\n'),
    cut: widths.some((columnWidth, index) => columnWidth < (natural[index] ?? 0)),
  };
}

/** A value in a cell. */
export function toText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object') return jsonText(value);
  return String(value);
}

/** JSON in which 64-bit integers are texts. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_key, field: unknown) => (typeof field === 'bigint' ? field.toString() : field),
    indent,
  );
}

/** The text with what could move the cursor, or colour the terminal, written out. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (letter) => {
    const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[letter];
    return short ?? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** The text, or its beginning and `…`, in at most so many columns. */
export function cutText(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let used = 0;
  let kept = '';
  for (const { segment } of segmenter.segment(text)) {
    used += stringWidth(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** The width of each column; undefined when the columns can't be made to fit. */
function fitWidths(
  natural: readonly number[],
  numeric: readonly boolean[],
  width: number | undefined,
): readonly number[] | undefined {
  const available = (width ?? Infinity) - gap * Math.max(0, natural.length - 1);
  const total = natural.reduce((sum, one) => sum + one, 0);
  if (total <= available) return natural;
  const least = natural.map((one, index) => (numeric[index] === true ? one : Math.min(one, columnWidthMin)));
  if (least.reduce((sum, one) => sum + one, 0) > available) return undefined;
  // The largest cap on texts with which all fits.
  let cap = Math.max(...natural);
  const capped = (): readonly number[] =>
    natural.map((one, index) => (numeric[index] === true ? one : Math.min(one, cap)));
  while (capped().reduce((sum, one) => sum + one, 0) > available) cap -= 1;
  return capped();
}

/** Each row as a block of lines `column  value`. */
function recordsText(
  names: readonly string[],
  cells: readonly (readonly string[])[],
  width: number,
): TableText {
  const nameWidth = Math.max(...names.map((name) => stringWidth(name)));
  const room = Math.max(columnWidthMin, width - nameWidth - gap);
  let cut = false;
  const blocks = cells.map((line, row) => {
    const fields = names.map((name, index) => {
      const text = line[index] ?? '';
      const shown = cutText(text, room);
      cut ||= shown !== text;
      return `${pad(printable(name), nameWidth, false)}${' '.repeat(gap)}${shown}`.trimEnd();
    });
    return [`── row ${row + 1} ──`, ...fields].join('\n');
  });
  return { text: blocks.join('\n'), cut };
}

function isNumeric(rows: readonly Row[], name: string): boolean {
  return (
    rows.some((row) => (row[name] ?? undefined) !== undefined) && rows.every((row) => isNumber(row[name]))
  );
}

function isNumber(value: unknown): boolean {
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'bigint')
    return true;
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) && value.length <= 18;
}

function pad(text: string, width: number, right: boolean): string {
  const blank = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return right ? blank + text : text + blank;
}
