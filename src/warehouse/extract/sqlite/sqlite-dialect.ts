import { OctavoError } from '../../../base/index.ts';
import { quoteName, quoteText } from '../../duckdb/types.ts';
import type { DatabaseColumn, DatabaseDialect } from '../database-port.ts';

/** SQL as SQLite writes it. */
export const sqliteDialect: DatabaseDialect = {
  quote: quoteName,
  literal,
  count: 'count(*)',
  lower: (column, text, amount) => `${literal(column, text)} - ${amount}`,
  beyond: (columns, texts, orEqual) => {
    const names = columns.map(({ name }) => quoteName(name)).join(', ');
    const values = columns.map((column, index) => literal(column, texts[index] ?? '')).join(', ');
    return `(${names}) ${orEqual ? '>=' : '>'} (${values})`;
  },
  // Its own sum adds doubles; this one is the snapshot's.
  sum: ({ name }) => `octavo_sum(cast(${quoteName(name)} as text))`,
  time: ({ name }) => instant(quoteName(name)),
  timeLiteral: (_, iso) => instant(quoteText(iso)),
};

function literal(column: DatabaseColumn, text: string): string {
  if (column.order === 'binary') return /^([0-9A-F]{2})*$/i.test(text) ? `x'${text}'` : quoteText(text);
  if (column.order !== 'number') return quoteText(text);
  if (/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return text;
  throw new OctavoError('source_invalid', `${column.name}: '${text}' is no number`);
}

function instant(text: string): string {
  return `unixepoch(${text}, 'subsec')`;
}
