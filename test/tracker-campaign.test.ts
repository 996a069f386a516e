import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clickIds, weakClickIds } from '../src/event/enrich/campaign.ts';
import { campaignOf } from '../src/tracker/campaign.ts';

test('the tracker begins a visit with every click id of an ad that the collector knows, and with no other parameter', () => {
  for (const name of clickIds.keys()) {
    // What links carry that nobody paid for begins none, or may.
    if (weakClickIds.has(name) && name !== 'fbclid') continue;
    assert.deepEqual(campaignOf(`?a=1&${name}=x`), { [name]: 'x' }, name);
  }
  for (const name of ['id', 'q', 'page', 'click', 'client_id', 'n_rank', 'cid', 'clidx', 'napmx', 'utmx'])
    assert.equal(campaignOf(`?${name}=x`), undefined, name);
  assert.deepEqual(campaignOf('?a=1&utm_source=mail&utm_medium='), { source: 'mail' });
});
