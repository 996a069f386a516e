import { csvText, toXlsx, type SheetCell } from '../statistics/index.ts';
import type { Edition, EditionEntry } from '../serving/index.ts';

/** A list as a file. */
export interface ListFile {
  readonly content: Buffer;
  readonly type: string;
  readonly name: string;
}

type Language = 'ko' | 'en';

interface ExportColumn {
  readonly head: Readonly<Record<Language, string>>;
  readonly value: (body: EditionEntry['body'], language: Language) => SheetCell;
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const number = (value: unknown): number | null =>
  value === null || value === undefined || Number.isNaN(Number(value)) ? null : Number(value);

const columns: readonly ExportColumn[] = [
  { head: { ko: '순위', en: 'Rank' }, value: (body) => number(body['rank']) },
  { head: { ko: '지난 순위', en: 'Rank before' }, value: (body) => number(body['previous_rank']) },
  {
    head: { ko: '제목', en: 'Title' },
    value: (body, language) =>
      (language === 'en' ? text(body['title_en']) : undefined) ?? text(body['title']),
  },
  {
    head: { ko: '저자', en: 'Author' },
    value: (body, language) =>
      (language === 'en' ? text(body['author_en']) : undefined) ?? text(body['author']),
  },
  { head: { ko: '책 번호', en: 'Title id' }, value: (body) => text(body['item_id']) },
  { head: { ko: '센 값', en: 'Counted' }, value: (body) => number(body['count']) },
  { head: { ko: '부수', en: 'Copies' }, value: (body) => number(body['copies']) },
  { head: { ko: '구매자', en: 'Buyers' }, value: (body) => number(body['buyers']) },
  { head: { ko: '목록에 있은 날', en: 'Days on the list' }, value: (body) => number(body['days_on_list']) },
  { head: { ko: '최고 순위', en: 'Peak rank' }, value: (body) => number(body['peak_rank']) },
  { head: { ko: '정가', en: 'List price' }, value: (body) => number(body['list_price']) },
];

/** The titles of a part as CSV or XLSX, each row with its business day. */
export function listFile(options: {
  readonly edition: Edition;
  readonly category: string;
  readonly entries: readonly EditionEntry[];
  readonly title: string;
  readonly format: 'csv' | 'xlsx';
  readonly language: Language;
}): ListFile {
  const { edition, category, entries, title, format, language } = options;
  const day = edition.business_day;
  const head = [
    language === 'ko' ? '영업일' : 'Business day',
    ...columns.map((column) => column.head[language]),
  ];
  const rows = entries.map(({ body }) => columns.map((column) => column.value(body, language)));
  const name = `${edition.name}-${category}-${day}-r${edition.revision}.${format}`;
  if (format === 'csv') {
    const cells = rows.map((row) => [day, ...row.map((cell) => (isDay(cell) ? cell.day : cell))]);
    return { name, type: 'text/csv; charset=utf-8', content: Buffer.from(csvText(head, cells)) };
  }
  const sheet = {
    name: `${title} ${day}`,
    head,
    rows: rows.map((row): SheetCell[] => [{ day }, ...row]),
    formats: head.map(() => 'plain' as const),
  };
  return {
    name,
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    content: toXlsx([sheet]),
  };
}

function isDay(cell: SheetCell): cell is { readonly day: string } {
  return typeof cell === 'object' && cell !== null;
}
