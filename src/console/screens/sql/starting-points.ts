import type { QueryTables } from '../../../api/index.ts';

/** Questions that this store can answer, to begin with. */
export function startingPoints(tables: QueryTables['tables']): readonly string[] {
  const has = (name: string): boolean => tables.some(({ table }) => table === name);
  return [
    ...(has('raw.events')
      ? [
          'select business_day, kind, count(*) as events\nfrom raw.events\nwhere business_day >= current_date - 14\ngroup by all\norder by business_day',
        ]
      : []),
    ...(has('model.sale_lines')
      ? [
          'select business_day, count(*) as lines, sum(paid) as paid\nfrom model.sale_lines\ngroup by 1\norder by 1',
        ]
      : []),
    'show tables',
  ];
}
