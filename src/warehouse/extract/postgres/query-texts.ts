import type { Client } from 'pg';
import type { TextRow } from '../database-port.ts';

/** The rows of a statement, every value as the server writes it. */
export async function queryTexts(client: Client, sql: string): Promise<readonly TextRow[]> {
  const asText = { getTypeParser: () => (text: string) => text };
  const { rows } = await client.query<(string | null)[]>({ text: sql, rowMode: 'array', types: asText });
  return rows;
}
