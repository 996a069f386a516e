import { systemClock } from '../src/base/index.ts';
import { measureRecommend } from './recommend/measure.ts';

/** Kernel and top-100 for everyone at the size of the goal: 30,000 readers, 40,000 titles, 800,000 interactions. */
export async function run(): Promise<void> {
  const size = { readers: 30_000, items: 40_000, interactions: 1_050_000, genres: 200, days: 100 };
  const measured = await measureRecommend(size, 2, systemClock.now);
  const total = measured.prepareSeconds + measured.graphSeconds;
  const lines = [
    `recommend: ${measured.interactions} interactions, ${size.readers} readers, ${size.items} titles, 2 threads`,
    `  figure ${total.toFixed(1)} s (prepare ${measured.prepareSeconds.toFixed(1)} s, kernel and top-100 ${measured.graphSeconds.toFixed(1)} s); goal <= 60 s`,
    `  floor  ${measured.floorSeconds.toFixed(1)} s (popularity for everyone); ratio ${(measured.graphSeconds / measured.floorSeconds).toFixed(1)}`,
    ...measured.rows.map(
      ({ recommender, recall, ndcg, coverage }) =>
        `  ${recommender.padEnd(10)} recall@20 ${recall.mean.toFixed(4)} (${recall.low.toFixed(4)}-${recall.high.toFixed(4)})  nDCG@20 ${ndcg.mean.toFixed(4)}  coverage ${coverage.toFixed(3)}`,
    ),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

if (import.meta.main) await run();
