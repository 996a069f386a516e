import type { WireAnswer } from './shape.ts';

/** A transparent picture of one point that nobody keeps. */
export const gifAnswer: WireAnswer = {
  status: 200,
  headers: { 'content-type': 'image/gif', 'cache-control': 'no-store, no-cache, private, max-age=0' },
  body: Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64'),
};
