import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStorage, seededRandom, systemClock, type Random } from '../src/base/index.ts';
import { openSqliteStore, type EditionPart, type ServingStore } from '../src/serving/index.ts';
import {
  editionNames,
  grains,
  Pages,
  parseMetricFile,
  periodEnd,
  periodStart,
  toMetrics,
  type Grain,
} from '../src/statistics/index.ts';
import { report } from './report.ts';

const years = 3;
const lastDay = '2026-11-22';
const goalMs = 500;
const rounds = 5;
const members = ['app', 'web', 'ereader', 'tablet', 'other'];
const counted = ['sales', 'orders', 'buyers', 'refunds', 'visitors', 'ordering', 'sign_ups', 'readers'];

const metricFile = `metrics:
${counted.map((name) => `  - { name: ${name}, table: model.lines, value: sum(x), dimensions: { device: device } }`).join('\n')}
  - { name: conversion, ratio: { of: ordering, to: visitors } }
`;

const page = `---
controls: { range: 36m, grain: day, grains: [day, week, month] }
---

{{ sales, month, previous }} {{ buyers, day }}

\`\`\`numbers
numbers: [{ metric: sales }, { metric: orders }, { metric: buyers }, { metric: conversion }]
\`\`\`

\`\`\`line
metric: sales
compare: year
forecast: 14
\`\`\`

\`\`\`stacked
metric: sales
by: device
\`\`\`

\`\`\`line
metrics: [visitors, readers, conversion]
\`\`\`

\`\`\`heat
metric: orders
\`\`\`

\`\`\`table
metrics: [sales, orders]
by: device
share: true
\`\`\`

\`\`\`table
metrics: [sales, orders, buyers, refunds]
compare: same_weekday
total: true
\`\`\`
`;

/** A page of ten blocks over three years of days: the first time after a start, and again. */
export async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-bench-pages-'));
  const path = join(folder, 'serving.db');
  const open = (): ServingStore => openSqliteStore({ path, clock: systemClock, random: seededRandom(1) });
  const writing = open();
  for (const grain of grains) await publish(writing, grain, seededRandom(grain));
  await writing.close();
  await mkdir(join(folder, 'pages'));
  await writeFile(join(folder, 'pages', 'bench.md'), page);
  const times: Record<string, number[]> = { cold: [], day: [], week: [], month: [] };
  for (let round = 0; round < rounds; round++) {
    const store = open();
    const pages = new Pages({
      folder: join(folder, 'pages'),
      storage: fileStorage(),
      store,
      metrics: toMetrics(parseMetricFile(metricFile, 'metrics/bench.yaml')),
      warehouse: {
        pin: async () => ({}),
        query: () => Promise.reject(new Error('unused')),
        table: async () => undefined,
      },
      runQuery: () => Promise.reject(new Error('the page has no query')),
      lastDay: () => lastDay,
    });
    times['cold']?.push(await timed(pages, { grain: 'day' }));
    for (const grain of grains) times[grain]?.push(await timed(pages, { grain }));
    await store.close();
  }
  await rm(folder, { recursive: true });
  report(
    `Statistics page: ten blocks, ${years} years of days`,
    Object.entries(times).map(([name, each]) => ({
      what: name === 'cold' ? 'by day, first after a start' : `by ${name}, again`,
      value: each.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0,
      unit: 'ms',
      goal: { atMost: goalMs },
    })),
    [`processor time, median of ${rounds}; nothing of an answer is kept between requests`],
  );
}

async function timed(pages: Pages, controls: Readonly<Record<string, string>>): Promise<number> {
  const start = process.cpuUsage();
  const data = await pages.data('bench', controls);
  const broken = Object.values(data.blocks).find((block) => 'problem' in block);
  if (broken !== undefined) throw new Error(JSON.stringify(broken));
  JSON.stringify(data);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

/** What the batch publishes: an edition a day, for each grain. */
async function publish(store: ServingStore, grain: Grain, random: Random): Promise<void> {
  const end = Temporal.PlainDate.from(lastDay);
  const common = { inputs: {}, rule_version: 'bench', code_version: 'bench', counts: {}, token: 1 };
  for (
    let date = end.subtract({ years });
    Temporal.PlainDate.compare(date, end) <= 0;
    date = date.add({ days: 1 })
  ) {
    const day = date.toString();
    // Of weeks and months that are over only the last day is read.
    const read = day === periodEnd(grain, day) || date.until(end, { largestUnit: 'day' }).days < 62;
    if (!read) continue;
    const value = (): { readonly period: string; readonly value: string } => ({
      period: periodStart(grain, day),
      value: (1_000 * random.next()).toFixed(6),
    });
    const parts = counted.flatMap((name): readonly EditionPart[] => [
      { part: `${name}/device`, entries: members.map((key) => ({ key, body: value() })) },
      { part: `${name}/total`, entries: [{ key: '', body: value() }] },
    ]);
    await store.publish({
      ...common,
      kind: 'statistic',
      name: editionNames[grain],
      business_day: day,
      parts,
    });
  }
}

if (import.meta.main) await run();
