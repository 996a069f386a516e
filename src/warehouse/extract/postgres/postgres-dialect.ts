import { escapeLiteral } from 'pg';
import { OctavoError } from '../../../base/index.ts';
import { quoteName } from '../../duckdb/types.ts';
import type { DatabaseColumn, DatabaseDialect } from '../database-port.ts';

/** SQL as PostgreSQL writes it. */
export const postgresDialect: DatabaseDialect = {
  quote: quoteName,
  literal,
  count: 'count(*)::text',
  lower: (column, text, amount) =>
    column.order === 'time'
      ? `${literal(column, text)}::${column.declared} - interval '${amount} seconds'`
      : `${literal(column, text)} - ${amount}`,
  beyond: (columns, texts, orEqual) => {
    const names = columns.map((column) => quoteName(column.name)).join(', ');
    const values = columns.map((column, index) => literal(column, texts[index] ?? '')).join(', ');
    return `(${names}) ${orEqual ? '>=' : '>'} (${values})`;
  },
  sum: ({ name }) => `coalesce(sum(${quoteName(name)}::numeric(38, 4)), 0.0000)::text`,
  timeLiteral: (column, iso) => `${escapeLiteral(iso)}::${column.declared}`,
};

function literal(column: DatabaseColumn, text: string): string {
  if (column.order !== 'number') return escapeLiteral(text);
  if (/^-?\d+(\.\d+)?$/.test(text)) return text;
  throw new OctavoError('source_invalid', `${column.name}: '${text}' is no number`);
}
