import { answerIn, type AnswerCell, type AnswerColumn, type BlockAnswer } from './answer.ts';
import { textIn } from '../../base/index.ts';
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
  const { columns, rows } = answerIn(answer, words.language);
  return csvText(
    columns.map((column) => headOf(column, words)),
    rows.map((row) => labelled(columns, row, words)),
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
    blocks.map(({ title, answer }): Sheet => {
      const { columns, rows } = answerIn(answer, words.language);
      return {
        name: textIn(title, words.language),
        head: columns.map((column) => headOf(column, words)),
        rows: rows.map((row) =>
          labelled(columns, row, words).map((cell, place) => sheetCell(columns[place], cell)),
        ),
        formats: columns.map(({ unit }) => (unit === 'share' || unit === 'points' ? 'share' : 'plain')),
      };
    }),
  );
}

/** Heads that no metric, query or label names. */
const heads: Readonly<Record<string, Text>> = {
  day: { ko: '일', en: 'Day' },
  week: { ko: '주', en: 'Week' },
  month: { ko: '월', en: 'Month' },
  metric: { ko: '지표', en: 'Metric' },
  period: { ko: '기간의 첫날', en: 'First day' },
  through: { ko: '마지막 날', en: 'Last day' },
  value: { ko: '값', en: 'Value' },
  compared_through: { ko: '견준 마지막 날', en: 'Compared last day' },
  compared_value: { ko: '견준 값', en: 'Compared value' },
  step: { ko: '단계', en: 'Step' },
  of_first: { ko: '처음 대비', en: 'Of the first' },
  of_previous: { ko: '앞 단계 대비', en: 'Of the one before' },
  change: { ko: '변화', en: 'Change' },
  share: { ko: '비중', en: 'Share' },
  cohort: { ko: '코호트', en: 'Cohort' },
  size: { ko: '인원', en: 'Size' },
  previous: { ko: '직전', en: 'the one before' },
  same_weekday: { ko: '지난주 같은 요일', en: 'same weekday before' },
  year: { ko: '지난해', en: 'last year' },
  forecast: { ko: '예상', en: 'forecast' },
  '(other)': { ko: '그 밖', en: 'Others' },
};

/** The head of a column in a language. */
export function headOf(column: AnswerColumn, { language, labels }: ExportWords): string {
  const [name = '', against = ''] = column.name.split(':');
  const said = (key: string): string => textIn(labels[key] ?? heads[key] ?? key, language);
  if (column.role === 'share' && against !== '') return said('share');
  const own =
    column.title === null ? said(column.role === 'change' ? 'change' : name) : textIn(column.title, language);
  return against === '' ? own : `${own} (${said(against)})`;
}

/** A row with the names of its members. */
export function labelled(
  columns: readonly AnswerColumn[],
  row: readonly AnswerCell[],
  { language, labels }: ExportWords,
): readonly AnswerCell[] {
  return row.map((cell, place) => {
    if (columns[place]?.type !== 'member' || typeof cell !== 'string') return cell;
    const label = labels[cell] ?? heads[cell === '(other)' ? cell : ''];
    return label === undefined ? cell : textIn(label, language);
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
