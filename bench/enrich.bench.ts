// What enrichment adds to an event in the collector, in processor time: node bench/enrich.bench.ts [--small]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEnrichment } from '../src/collect/enrichment.ts';
import { clientOf, receiptText, storedText, type EventInput, type Receipt } from '../src/event/index.ts';
import { flag, report } from './report.ts';

const agents = readFileSync(join(import.meta.dirname, '../src/event/enrich/readers.fixture.txt'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(' | ')[3] ?? '');
const batch = 20;
const events: readonly EventInput[] = Array.from({ length: 2_000 }, (_, number) => ({
  id: `0192f0c1-7e2a-7c3d-9a4b-${String(number).padStart(12, '0')}`,
  kind: 'view_item',
  occurred_at: '2026-03-01T10:00:00Z',
  reader_id: `r${number}`,
  page: {
    // Every tenth comes from a campaign.
    url: `https://book.example/b/${number % 300}${number % 10 === 0 ? '?utm_source=naver&utm_medium=cpc' : ''}`,
    referrer: number % 3 === 0 ? 'https://search.naver.com/search?q=x' : 'https://book.example/',
  },
  items: [{ item_id: `b${number}`, price: 9900 }],
  properties: { currency: 'KRW', value: 9900 },
}));
const receiptOf = (place: number): Receipt => ({
  received_at: '2026-03-01T10:00:01.000Z',
  sent_at: '2026-03-01T10:00:00.900Z',
  source: 'web',
  user_agent: agents[place % agents.length] ?? '',
  ip: '203.0.113.0',
});
const enrichment = createEnrichment();

function plain(): number {
  let letters = 0;
  for (let start = 0; start < events.length; start += batch) {
    const ending = receiptText(receiptOf(start / batch));
    for (const event of events.slice(start, start + batch)) letters += storedText(event, ending).length;
  }
  return letters;
}

function enriched(): number {
  let letters = 0;
  for (let start = 0; start < events.length; start += batch) {
    const request = enrichment.begin(receiptOf(start / batch), undefined);
    for (const event of events.slice(start, start + batch)) {
      const timed = request.timed(event);
      letters += storedText(timed, request.ending(timed)).length;
    }
  }
  return letters;
}

/** Nanoseconds of processor time for each of so many things, at the median of the rounds. */
function cost(work: () => unknown, things: number, rounds: number): number {
  const warm = Math.ceil(rounds / 4);
  const times = Array.from({ length: rounds + warm }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return ((user + system) * 1000) / things;
  }).slice(warm);
  return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
}

const rounds = flag('small') ? 40 : 200;
const [bare, full] = [cost(plain, events.length, rounds), cost(enriched, events.length, rounds)];
const unknown = cost(() => agents.map((agent) => clientOf(agent)), agents.length, rounds / 4);
report(
  `enrich: ${batch} events a request, ${agents.length} user agents, every tenth event of a campaign`,
  [
    {
      what: 'an event written, enriched',
      value: full,
      unit: 'ns',
      floor: { what: 'written plain', value: bare },
    },
    { what: 'added by enrichment', value: full - bare, unit: 'ns' },
    { what: 'a user agent that was never seen', value: unknown, unit: 'ns' },
  ],
  ['processor time, not wall time'],
);
