import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Edition } from '../serving/index.ts';
import { explainText } from './explain-text.ts';

test('an explanation is the sum that leads to the count, and the distance to the neighbours', () => {
  const text = explainText(
    {
      rank: 2,
      item_id: 't1',
      title: '달빛 1권',
      count: 7,
      previous_rank: 5,
      days_on_list: 3,
      peak_rank: 2,
      explanation: {
        window: { from: '2026-11-01', to: '2026-11-02' },
        lines: 4,
        gross_copies: 20,
        minus: { repeat: 2, 'not_countable:bulk': 11 },
        counted: 7,
        per_day: [
          { business_day: '2026-11-01', count: 4 },
          { business_day: '2026-11-02', count: 3 },
        ],
        copies_to_rank_above: 1,
        copies_to_rank_below: 0,
        titles_with_equal_count: 2,
      },
    },
    { edition: { name: 'weekly', business_day: '2026-11-02' } as Edition, category: 'all' },
  );
  assert.equal(
    text,
    `달빛 1권 (t1)
rank 2 of 'weekly' (all) on 2026-11-02: 5 the day before, best rank 2, 3 days on the list

what                    copies
──────────────────────  ──────
copies sold in 4 lines      20
more of the same buyer      -2
not countable: bulk        -11
counted                      7

counted are the business days 2026-11-01 to 2026-11-02
1 fewer than the title above
0 more than the title below
1 other title with the same count

business_day  count
────────────  ─────
2026-11-01        4
2026-11-02        3`,
  );
});
