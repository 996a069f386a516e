import { escape } from 'mysql2';
import { OctavoError } from '../../../base/index.ts';
import type { DatabaseColumn, DatabaseDialect } from '../database-port.ts';
import { quoteMysql } from './mysql-types.ts';

/** SQL as MariaDB and MySQL write it. */
export const mysqlDialect: DatabaseDialect = {
  quote: quoteMysql,
  literal,
  count: 'cast(count(*) as char)',
  lower: (column, text, amount) =>
    column.order === 'time'
      ? `${literal(column, text)} - interval ${amount} second`
      : `${literal(column, text)} - ${amount}`,
  // Comparing rows as a whole is not looked up in an index; the first comparison is.
  beyond: (columns, texts, orEqual) => {
    const nested = (from: number): string => {
      const [column, text] = [columns[from], texts[from]];
      if (column === undefined || text === undefined) return orEqual ? 'true' : 'false';
      const [name, value] = [quoteMysql(column.name), literal(column, text)];
      const last = from === columns.length - 1;
      if (last) return `${name} ${orEqual ? '>=' : '>'} ${value}`;
      return `(${name} >= ${value} and (${name} > ${value} or ${nested(from + 1)}))`;
    };
    return nested(0);
  },
  sum: ({ name }) => `cast(coalesce(sum(cast(${quoteMysql(name)} as decimal(38, 4))), 0.0000) as char)`,
  timeLiteral: (_, iso) => escape(iso),
};

function literal(column: DatabaseColumn, text: string): string {
  if (column.order === 'binary') return /^[0-9A-F]*$/i.test(text) ? `x'${text}'` : escape(text);
  if (column.order !== 'number') return escape(text);
  // A number that is compared as a text is compared as a double.
  if (/^-?\d+(\.\d+)?$/.test(text)) return text;
  throw new OctavoError('source_invalid', `${column.name}: '${text}' is no number`);
}
