import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProtocolError } from '@platformatic/kafka';
import { madeWith } from './topic.ts';
import { isUntold } from './topic-rights.ts';

test('a broker that is not the controller says nothing of what may be made', () => {
  const wrapped = (id: string): Error => new Error('Creating failed', { cause: new ProtocolError(id) });
  assert.ok(isUntold(new ProtocolError('NOT_CONTROLLER')));
  assert.ok(!isUntold(new ProtocolError('CLUSTER_AUTHORIZATION_FAILED')));
  assert.ok(!isUntold(wrapped('TOPIC_AUTHORIZATION_FAILED')));
});

test('a topic is tried with the settings with which it is made', () => {
  const settings = { replication: 3, minInsyncReplicas: 2, retentionMs: 1000, batchBytesMax: 5000 };
  const { partitions, replicas, configs } = madeWith({ topic: 't', partitions: 7, settings });
  const told = Object.fromEntries(configs.map(({ name, value }) => [name, value]));
  assert.deepEqual([partitions, replicas], [7, 3]);
  assert.equal(told['min.insync.replicas'], '2');
  assert.equal(told['retention.ms'], '1000');
  const byCluster = madeWith({
    topic: 't',
    partitions: 1,
    settings: { ...settings, replication: 0, minInsyncReplicas: 0 },
  });
  assert.equal(byCluster.replicas, -1);
  assert.ok(!byCluster.configs.some(({ name }) => name === 'min.insync.replicas'));
});
