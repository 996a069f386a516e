import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { mayHaveCampaign } from './campaign.ts';
import { campaignOf, clickIds, hostOf, referrerOf } from './index.ts';

const page = 'https://www.bookstore.example/b/1';
/** `class name | referrer | query of the page`. */
const labelled = readFileSync(join(import.meta.dirname, 'referrers.fixture.txt'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split('|').map((part) => part.trim()));

test('referrers and campaigns have the class and the name that they are labelled with', () => {
  const found = labelled.map(([, before = '', query]) => {
    const url = query === undefined || query === '' ? page : `${page}?${query}`;
    const road = referrerOf({ page: hostOf(url), referrer: hostOf(before) }, campaignOf(url));
    return [road.name === undefined ? road.class : `${road.class} ${road.name}`, before, query];
  });
  assert.deepEqual(
    found,
    labelled.map(([label, before, query]) => [label, before, query]),
  );
});

test('every click id alone is a campaign, in its own letters and in capitals', () => {
  assert.ok(clickIds.size > 20);
  for (const [id, network] of clickIds) {
    for (const name of [id, id.toUpperCase()]) {
      for (const url of [`${page}?${name}=1`, `${page}?a=b&${name}=1`, `${page}#${name}=1`]) {
        assert.ok(mayHaveCampaign(url), url);
        assert.deepEqual(campaignOf(url), { click_id: '1', click_id_name: id, network }, url);
      }
    }
  }
  for (const part of ['source', 'medium', 'campaign', 'term', 'content', 'id'])
    assert.notEqual(campaignOf(`${page}?utm_${part}=x`), undefined, part);
});

test('what only looks like a campaign is none, and one behind a badly written ampersand is', () => {
  for (const query of ['q=gclid', 'mygclid=1', 'utm_nothing=1', 'gclid', 'sccid_x=1', 'gclid='])
    assert.equal(campaignOf(`${page}?${query}`), undefined, query);
  assert.deepEqual(campaignOf(`${page}?a=1&amp;utm_source=naver&amp;gclid=x`), {
    source: 'naver',
    click_id: 'x',
    click_id_name: 'gclid',
    network: 'google',
  });
});

test('a host by its number is another store than one of like numbers', () => {
  assert.equal(referrerOf({ page: '127.0.0.1', referrer: '10.0.0.1' }, undefined).class, 'other');
  assert.equal(referrerOf({ page: '127.0.0.1', referrer: '127.0.0.1' }, undefined).class, 'internal');
});
