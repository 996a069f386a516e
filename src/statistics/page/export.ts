import type { AnswerCell, AnswerColumn, BlockAnswer } from './answer.ts';
import type { Text } from './spec.ts';
import { toXlsx, type Sheet, type SheetCell } from './xlsx.ts';

/** In which language heads and labels are written. */
export interface ExportWords {
  readonly language: 'ko' | 'en';
  readonly labels: Readonly<Record<string, Text>>;
}

const formulaStart = /^[=+\-@\t\r]/;

/** A block as CSV: with a byte order mark, for programs that would guess another encoding; no text begins as a formula. */
export function toCsv(answer: BlockAnswer, words: ExportWords): string {
  return csvText(
    answer.columns.map((column) => headOf(column, words)),
    answer.rows.map((row) => labelled(answer.columns, row, words)),
  );
}

/** Rows as CSV, in the form of `toCsv`. */
export function csvText(
  head: readonly string[],
  rows: readonly (readonly (string | number | boolean | null)[])[],
): string {
  const lines = [head, ...rows].map((cells) => cells.map(csvCell).join(','));
  return `\ufeff${lines.join('\r\n')}\r\n`;
}

/** Blocks as one workbook, a sheet each. */
export function toWorkbook(
  blocks: readonly { readonly title: Text; readonly answer: BlockAnswer }[],
  words: ExportWords,
): Buffer {
  return toXlsx(
    blocks.map(({ title, answer }): Sheet => ({
      name: inLanguage(title, words.language),
      head: answer.columns.map((column) => headOf(column, words)),
      rows: answer.rows.map((row) =>
        labelled(answer.columns, row, words).map((cell, place) => sheetCell(answer.columns[place], cell)),
      ),
      formats: answer.columns.map(({ unit }) => (unit === 'share' || unit === 'points' ? 'share' : 'plain')),
    })),
  );
}

/** A text in a language, else in the other. */
export function inLanguage(text: Text, language: 'ko' | 'en'): string {
  if (typeof text === 'string') return text;
  return text[language] ?? text.en ?? text.ko ?? '';
}

function headOf(column: AnswerColumn, { language, labels }: ExportWords): string {
  const label = labels[column.name];
  const own = column.title ?? label;
  const suffix =
    column.role === 'comparison' || column.role === 'forecast' ? ` (${column.name.split(':')[1] ?? ''})` : '';
  return own === undefined ? column.name : inLanguage(own, language) + suffix;
}

function labelled(
  columns: readonly AnswerColumn[],
  row: readonly AnswerCell[],
  { language, labels }: ExportWords,
): readonly AnswerCell[] {
  return row.map((cell, place) => {
    if (columns[place]?.type !== 'member' || typeof cell !== 'string') return cell;
    const label = labels[cell];
    return label === undefined ? cell : inLanguage(label, language);
  });
}

function sheetCell(column: AnswerColumn | undefined, cell: AnswerCell): SheetCell {
  const dated = column?.type === 'day' || column?.type === 'week' || column?.type === 'month';
  return dated && typeof cell === 'string' ? { day: cell } : cell;
}

function csvCell(cell: string | number | boolean | null): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const safe = formulaStart.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
