import { hasCode } from '../../base/index.ts';
import { compactTable } from '../compact.ts';
import type { Warehouse } from '../warehouse-port.ts';

/**
 * Puts the small files of the running day together after so many commits; days that are over are for the upkeep task, after
 * they are sealed. Returns the commits since.
 */
export async function compactAfter(warehouse: Warehouse, commits: number): Promise<number> {
  const { calendar, context } = warehouse;
  const table = commits < compactEvery ? undefined : await warehouse.table('raw.events');
  if (table === undefined) return commits;
  await compactTable(warehouse, table, {
    day: calendar.dayOf(context.clock.now()),
    filesMin: compactEvery / 2,
  }).catch((error: unknown) => {
    // Another loader does the same.
    if (!hasCode(error, 'commit_conflict')) throw error;
  });
  return 0;
}

/** Commits between two looks at the running day's files. */
const compactEvery = 100;
