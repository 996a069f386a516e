import { defineRecommender } from 'octavo';

/** Products that are bought together, by customer, and by invoice where no customer is known. */
export default defineRecommender({
  name: 'related',
  algorithm: 'item-to-item',
  parameters: { supportMin: 5 },
  size: 20,
});
