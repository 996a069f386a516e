import type { DeclaredColumn } from '../write-columns.ts';

/** What was found when each business day was sealed: one row a day. */
export const sealsTable = 'raw.seals';

export const sealColumns: readonly DeclaredColumn[] = [
  {
    name: 'sealed_at',
    type: 'TIMESTAMPTZ',
    description: { en: 'When the day was closed.', ko: '하루를 마감한 때.' },
  },
  {
    name: 'events',
    type: 'BIGINT',
    description: { en: 'Events of the day, each id once.', ko: '그날의 이벤트, 번호마다 한 번.' },
  },
  {
    name: 'duplicates',
    type: 'BIGINT',
    description: {
      en: 'Events dropped because their id was there already.',
      ko: '번호가 이미 있어 버린 이벤트.',
    },
  },
  {
    name: 'late',
    type: 'BIGINT',
    description: {
      en: 'Events of earlier days, which were sealed when they came.',
      ko: '왔을 때 이미 마감된 앞날의 이벤트.',
    },
  },
  {
    name: 'failed',
    type: 'BIGINT',
    description: { en: 'Events that were refused on the day.', ko: '그날 거절한 이벤트.' },
  },
  {
    name: 'totals',
    type: 'VARCHAR',
    description: {
      en: 'JSON: rows and sums of every table that agreed with its source.',
      ko: 'JSON. 원천과 맞은 테이블마다 행 수와 합계.',
    },
  },
  {
    name: 'business_day',
    type: 'DATE',
    description: { en: 'The day that was closed.', ko: '마감한 영업일.' },
  },
];
