import { defineRecommender } from 'octavo';

/** What is read most just now: for readers without a history. */
export default defineRecommender({
  name: 'popular',
  algorithm: 'popularity',
  titles: { where: 'not is_adult' },
});
