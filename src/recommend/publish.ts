import type { BusinessDay } from '../base/index.ts';
import type { Edition, EditionEntry, EditionPart, ServingStore } from '../serving/index.ts';
import { countPopularity, popularOrder } from './algorithm/popularity.ts';
import { recommend, type Recommended } from './compute.ts';
import type { RecommendData } from './data.ts';
import { inputBuilds, inputStamps } from './inputs.ts';
import { createDataLoader, dayNumber, type RecommendWarehouse } from './load.ts';
import { popularPart, readerPart, relatedPart, titlesPart } from './parts.ts';
import { type Recommender, ruleVersion } from './recommender.ts';
import { reasons } from './score.ts';
import { volumeAt } from './series.ts';

/** Where a recommender's edition is made and published. */
export interface PublishOptions {
  readonly recommender: Recommender;
  readonly day: BusinessDay;
  readonly warehouse: RecommendWarehouse;
  readonly store: ServingStore;
  readonly token: number;
  readonly codeVersion: string;
  readonly threads: number;
  readonly signal?: AbortSignal;
}

/** Makes and publishes the day's edition; equal inputs and rules give equal bytes. */
export async function publishRecommender(options: PublishOptions): Promise<Edition> {
  const { recommender, day, store, warehouse } = options;
  // Before the tables are read: a build in between then makes the edition stale, and never hides.
  const stamps = inputStamps(warehouse, recommender, day, await inputBuilds(warehouse, recommender));
  const data = await createDataLoader(warehouse, options.signal).load(recommender, {
    to: day,
    releasedTo: day,
  });
  const made = await recommend(data, recommender, dayNumber(day), options);
  const { log } = data;
  return await store.publish({
    kind: 'recommend',
    name: recommender.name,
    business_day: day,
    inputs: { ...data.inputs, ...stamps },
    rule_version: ruleVersion(recommender),
    code_version: options.codeVersion,
    counts: {
      readers: log.readers.length,
      items: log.items.length,
      interactions: log.reader.length,
      incomplete: log.incompleteCount,
    },
    parts: editionParts(data, made, recommender, dayNumber(day)),
    token: options.token,
  });
}

/** The parts of an edition: readers or related titles, then the popular list, then the titles mentioned. */
export function* editionParts(
  data: RecommendData,
  made: Recommended,
  recommender: Recommender,
  day: number,
): Generator<EditionPart> {
  const mentioned = new Set<string>();
  const parts = made.lists === undefined ? relatedParts(data, made, recommender) : readerParts(data, made);
  for (const part of parts) {
    mention(part.entries, mentioned);
    yield part;
  }
  const popular = { part: popularPart, entries: popularEntries(data, made, recommender, day) };
  mention(popular.entries, mentioned);
  yield popular;
  const titles = [...mentioned]
    .sort()
    .map((id) => ({ key: id, body: { ...(data.titles.get(id) ?? { title: id, author: null }) } }));
  yield { part: titlesPart, entries: titles };
}

function* readerParts({ log }: RecommendData, { history, lists }: Recommended): Generator<EditionPart> {
  if (lists === undefined) return;
  for (const [reader, id] of log.readers.entries()) {
    if (history.known.starts[reader] === history.known.starts[reader + 1]) continue;
    const entries: EditionEntry[] = [];
    for (let slot = reader * lists.width, end = slot + lists.counts[reader]!; slot < end; slot++) {
      const causes = [lists.causes[2 * slot]!, lists.causes[2 * slot + 1]!].filter((item) => item >= 0);
      const reason = reasons[lists.reasons[slot]!] ?? 'popular';
      entries.push(
        entry(
          log.items[lists.items[slot]!]!,
          lists.scores[slot]!,
          reason,
          causes.map((item) => log.items[item]!),
        ),
      );
    }
    yield { part: readerPart(id), entries };
  }
}

/** Of every other series its best volume's first one, of the title's own series the next volume. */
function* relatedParts(
  { log, allowed, series }: RecommendData,
  { kernel }: Recommended,
  recommender: Recommender,
): Generator<EditionPart> {
  if (kernel === undefined) return;
  for (const [source, sourceId] of log.items.entries()) {
    const taken = new Set([source]);
    const entries: EditionEntry[] = [];
    for (
      let slot = source * kernel.width, end = slot + kernel.counts[source]!;
      slot < end && entries.length < recommender.size;
      slot++
    ) {
      const target: number = kernel.targets[slot]!;
      const number: number = series.seriesOf[target]!;
      const own = number >= 0 && number === series.seriesOf[source]!;
      const item =
        number < 0 ? target : volumeAt(series, number, own ? series.placeOf[source]! + 1 : 0, allowed);
      if (item < 0 || allowed[item] !== 1 || taken.has(item)) continue;
      taken.add(item);
      entries.push(
        entry(log.items[item]!, kernel.weights[slot]!, own ? 'next_in_series' : 'similar_to', [sourceId]),
      );
    }
    if (entries.length > 0) yield { part: relatedPart(sourceId), entries };
  }
}

function popularEntries(
  { log, allowed, series }: RecommendData,
  { history }: Recommended,
  recommender: Recommender,
  day: number,
): readonly EditionEntry[] {
  const readers = countPopularity(history, day, recommender.parameters['windowDays'] ?? 28);
  return [...popularOrder(readers)]
    .filter((item) => allowed[item] === 1 && (series.seriesOf[item]! < 0 || series.placeOf[item] === 0))
    .slice(0, recommender.size)
    .map((item) => entry(log.items[item]!, readers[item]!, 'popular', []));
}

function entry(itemId: string, score: number, reason: string, because: readonly string[]): EditionEntry {
  return { key: itemId, body: { score: Number(score.toPrecision(5)), reason, because_of: because } };
}

function mention(entries: readonly EditionEntry[], mentioned: Set<string>): void {
  for (const { key, body } of entries) {
    mentioned.add(key);
    for (const id of body['because_of'] as readonly string[]) mentioned.add(id);
  }
}
