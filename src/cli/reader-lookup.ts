import type { ApiContext } from '../api/index.ts';
import { quoteName } from '../warehouse/index.ts';
import type { Platform } from './platform.ts';

/** Answers are remembered this long: a reader who signs up in between is known again soon. */
const rememberedMs = 10_000;
const rememberedMax = 100_000;

/** Whether the shop knows a reader: by its table of readers, or by events of the last two days, which know newcomers first. */
export function readerLookup(
  platform: Pick<Platform, 'warehouse' | 'calendar' | 'clock' | 'config'>,
  table: string,
): NonNullable<ApiContext['readerExists']> {
  const { warehouse, calendar, clock, config } = platform;
  const remembered = new Map<string, { readonly exists: boolean; readonly untilMs: number }>();
  return async (readerId) => {
    const nowMs = clock.now();
    const known = remembered.get(readerId);
    if (known !== undefined && known.untilMs > nowMs) return known.exists;
    const parameters = { reader: readerId, from: calendar.addDays(calendar.dayOf(nowMs), -1) };
    const column = quoteName(config.readers.column);
    const lookups = [
      { name: table, sql: `select 1 from ${table} where cast(${column} as varchar) = $reader limit 1` },
      {
        name: 'raw.events',
        sql: 'select 1 from raw.events where business_day >= cast($from as date) and reader_id = $reader limit 1',
      },
    ];
    let exists = false;
    for (const { name, sql } of lookups) {
      if (exists || (await warehouse.table(name)) === undefined) continue;
      const used = name === table ? { reader: parameters.reader } : parameters;
      exists = (await warehouse.query(sql, { parameters: used })).rows.length > 0;
    }
    if (remembered.size >= rememberedMax) remembered.clear();
    remembered.set(readerId, { exists, untilMs: nowMs + rememberedMs });
    return exists;
  };
}
