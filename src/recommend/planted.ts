import type { Random } from '../base/index.ts';
import type { InteractionColumns } from './interactions.ts';

/** How large a planted data set is. */
export interface PlantedSize {
  readonly readers: number;
  readonly items: number;
  readonly interactions: number;
  readonly genres: number;
  readonly days: number;
}

/** Readers with one to three genres each, Zipf popularity within a genre, and purchases spread over the days: taste that an algorithm can find. */
export function plantInteractions(size: PlantedSize, random: Random): InteractionColumns {
  const reader: string[] = [];
  const item: string[] = [];
  const day: number[] = [];
  const perGenre = Math.floor(size.items / size.genres);
  const mean = size.interactions / size.readers;
  for (let number = 0; number < size.readers; number++) {
    const genres = Array.from({ length: 1 + random.below(3) }, () => random.below(size.genres));
    const length = Math.max(1, Math.round(mean * Math.exp(0.8 * random.normal() - 0.32)));
    for (let draw = 0; draw < length; draw++) {
      const genre = random.next() < 0.1 ? random.below(size.genres) : random.pick(genres);
      const rank = Math.min(perGenre - 1, Math.floor(perGenre ** random.next()) - 1);
      reader.push(`r${number}`);
      item.push(`i${genre * perGenre + rank}`);
      day.push(random.below(size.days));
    }
  }
  return { reader, item, kind: reader.map(() => 'purchase'), value: day.map(() => 1), day, at: day.map((_, at) => at) };
}
