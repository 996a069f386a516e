import { seededRandom } from '../base/index.ts';
import type { Catalogue } from './catalogue.ts';
import { leafCategories } from './categories.ts';
import { unitHash } from './distribution.ts';

/** A week's promotion of one category or one publisher. */
export interface Promotion {
  readonly id: string;
  readonly target: { readonly category: number } | { readonly publisher: number };
  /** 0.1 is ten percent off; 1 gives the title away. */
  readonly discount: number;
  /** Share of the target's titles that take part. */
  readonly share: number;
}

const promotionsAtOnce = 5;
const discounts = [0.1, 0.1, 0.2, 0.3, 0.5, 0.95, 1];

/** The promotions of the n-th week. */
export function promotionsOf(seed: number, week: number, catalogue: Catalogue): readonly Promotion[] {
  const random = seededRandom(seed).fork(`promotions:${week}`);
  return Array.from({ length: promotionsAtOnce }, (_, place) => {
    const discount = random.pick(discounts);
    return {
      id: `w${String(week).padStart(3, '0')}-${place + 1}`,
      target:
        place < 3
          ? { category: random.below(leafCategories.length) }
          : { publisher: random.below(catalogue.publisherCount) },
      discount,
      share: discount >= 0.9 ? 0.03 : 0.3,
    };
  });
}

/** The best promotion that a title takes part in, if any. */
export function promotionFor(
  promotions: readonly Promotion[],
  catalogue: Catalogue,
  title: number,
): Promotion | undefined {
  const work = catalogue.workOf(title);
  let best: Promotion | undefined;
  for (const promotion of promotions) {
    const { target } = promotion;
    const meant =
      'category' in target ? target.category === work.category : target.publisher === work.publisher;
    if (
      !meant ||
      unitHash(work.index, promotion.id.charCodeAt(promotion.id.length - 1), 5) >= promotion.share
    )
      continue;
    if (best === undefined || promotion.discount > best.discount) best = promotion;
  }
  return best;
}
