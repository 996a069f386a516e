import { defineRecommender } from 'octavo';

/** Readers of this title also read. */
export default defineRecommender({
  name: 'related',
  algorithm: 'item-to-item',
  titles: { where: 'not is_adult' },
});
