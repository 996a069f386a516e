import type { Text } from '../base/index.ts';
import type { Task } from '../batch/index.ts';

/** What the tasks that make a table say of its columns, by column. */
export function columnTexts(tasks: readonly Task[], table: string): Readonly<Record<string, Text>> {
  return Object.assign({}, ...tasks.map(({ lineage }) => lineage?.columns?.[table] ?? {})) as Record<
    string,
    Text
  >;
}
