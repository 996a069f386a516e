import type { DeclaredColumn } from '../write-columns.ts';

/** What was found when each business day was sealed: one row a day. */
export const sealsTable = 'raw.seals';

export const sealColumns: readonly DeclaredColumn[] = [
  { name: 'sealed_at', type: 'TIMESTAMPTZ', description: 'When the day was closed.' },
  { name: 'events', type: 'BIGINT', description: 'Events of the day, each id once.' },
  { name: 'duplicates', type: 'BIGINT', description: 'Events dropped because their id was there already.' },
  { name: 'late', type: 'BIGINT', description: 'Events of earlier days, which were sealed when they came.' },
  { name: 'failed', type: 'BIGINT', description: 'Events that were refused on the day.' },
  {
    name: 'totals',
    type: 'VARCHAR',
    description: 'JSON: rows and sums of every table that agreed with its source.',
  },
  { name: 'business_day', type: 'DATE', description: 'The day that was closed.' },
];
