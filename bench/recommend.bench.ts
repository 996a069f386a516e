import { systemClock } from '../src/base/index.ts';
import { measureRecommend } from './recommend/measure.ts';
import type { PlantedSize } from './recommend/planted.ts';
import { flag, report } from './report.ts';

const goalSize: PlantedSize = {
  readers: 30_000,
  items: 40_000,
  interactions: 1_050_000,
  genres: 200,
  days: 100,
};
const smallSize: PlantedSize = { readers: 3_000, items: 4_000, interactions: 105_000, genres: 40, days: 100 };

/** Kernel and top-100 for everyone at the size of the goal: 30,000 readers, 40,000 titles, 800,000 interactions. */
export async function run(size: PlantedSize = goalSize): Promise<void> {
  const measured = await measureRecommend(size, 2, systemClock.now);
  const total = measured.prepareSeconds + measured.graphSeconds;
  const counts = [measured.interactions, size.readers, size.items].map((count) =>
    count.toLocaleString('en-US'),
  );
  report(
    `recommend: ${counts[0]} interactions, ${counts[1]} readers, ${counts[2]} titles, 2 threads`,
    [
      {
        what: 'prepare, kernel and top-100 for everyone',
        value: total,
        unit: 's',
        goal: { atMost: 60 },
        floor: { what: 'popularity for everyone', value: measured.floorSeconds },
      },
      { what: 'of it: prepare', value: measured.prepareSeconds, unit: 's' },
    ],
    measured.rows.map(({ recommender, recall, ndcg, coverage }) =>
      [
        `${recommender.padEnd(10)} recall@20 ${recall.mean.toFixed(4)}`,
        `(${recall.low.toFixed(4)}-${recall.high.toFixed(4)})  nDCG@20 ${ndcg.mean.toFixed(4)} `,
        `coverage ${coverage.toFixed(3)}`,
      ].join(' '),
    ),
  );
}

if (import.meta.main) await run(flag('small') ? smallSize : goalSize);
