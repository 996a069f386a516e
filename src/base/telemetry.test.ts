import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson, hashJson } from './hash.ts';
import { metricsText, startMetrics } from './metrics-registry.ts';
import { metrics } from './metrics.ts';
import { nearestName } from './suggest.ts';
import { count } from './telemetry.ts';

test('what is counted stands in the Prometheus text', async () => {
  await startMetrics();
  count('octavo_base_storage_errors_total', { code: 'storage_crashed' }, 3);
  assert.match(await metricsText(), /octavo_base_storage_errors_total\{code="storage_crashed"\} 3/);
});

test('metric names say their folder and unit', () => {
  for (const [name, kind] of Object.entries(metrics)) {
    assert.match(name, /^octavo_[a-z]+(_[a-z0-9]+)+$/);
    assert.equal(name.endsWith('_total'), kind.type === 'counter', name);
    if (kind.type === 'histogram') assert.match(name, /_seconds$/);
  }
});

test('equal values have one canonical form and one hash', () => {
  assert.equal(
    canonicalJson({ b: [1, undefined], a: { d: 2n, c: undefined } }),
    '{"a":{"d":"2"},"b":[1,null]}',
  );
  assert.equal(hashJson({ a: 1, b: 2 }), hashJson({ b: 2, a: 1 }));
  assert.throws(() => canonicalJson(Number.NaN), TypeError);
});

test('the nearest name is near, or none', () => {
  assert.equal(nearestName('prot', ['host', 'port']), 'port');
  assert.equal(nearestName('elephant', ['host', 'port']), undefined);
});
