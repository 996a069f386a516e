import { randomUUID } from 'node:crypto';
import { hasCode } from '../base/index.ts';
import type { Queries } from '../query/index.ts';
import type { AskRows } from '../statistics/index.ts';

const rowsMax = 10_000;
const bytesMax = 16 * 1024 * 1024;

/** The API's own questions, in the place of one who asks; a store that has taken nothing yet has no table and no rows. */
export function askRows(queries: Queries): AskRows {
  return async (sql) => {
    try {
      const request = { id: randomUUID(), owner: 'octavo', sql, rowsMax, bytesMax, personal: true };
      return (await queries.run(request, new AbortController().signal)).rows;
    } catch (error) {
      if (hasCode(error, 'table_not_found')) return [];
      throw error;
    }
  };
}
