import { defineRecommender } from 'octavo';

/** The list of every reader: a graph filter over what they bought, rated and read. */
export default defineRecommender({
  name: 'personal',
  algorithm: 'graph-filter',
  titles: { where: 'not is_adult' },
});
