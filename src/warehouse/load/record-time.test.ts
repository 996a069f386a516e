import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { occurredMs } from './record-time.ts';

const instant = fc.date({
  min: new Date('0001-01-01T00:00:00Z'),
  max: new Date('9999-12-31T00:00:00Z'),
  noInvalidDate: true,
});

test('the time of an event is found in its bytes to the second, however its record is written', () => {
  const spellings: readonly ((at: Date) => string)[] = [
    (at) => at.toISOString(),
    (at) => at.toISOString().replace(/\.\d+/, ''),
    (at) => at.toISOString().replace('Z', '123Z'),
    (at) => `${new Date(at.getTime() + 32_400_000).toISOString().slice(0, -1)}+09:00`,
  ];
  const padding = fc.string({ maxLength: 400 });
  fc.assert(
    fc.property(instant, fc.constantFrom(...spellings), padding, fc.boolean(), (at, spell, note, pretty) => {
      const event = { id: 'x', user_agent: note, occurred_at: spell(at), properties: { n: 1 } };
      const text = JSON.stringify(event, undefined, pretty ? 1 : 0);
      const found = occurredMs(Buffer.from(text)) ?? Number.NaN;
      assert.equal(Math.floor(found / 1000), Math.floor(Date.parse(spell(at)) / 1000), text);
    }),
  );
});

test('what is no instant with a zone is not guessed', () => {
  for (const text of ['2026-03-02', '2026-03-02T10:00:00', '2026-13-02T10:00:00Z', 'infinity', ''])
    assert.equal(occurredMs(Buffer.from(JSON.stringify({ occurred_at: text }))), undefined, text);
  for (const text of ['{}', '{"occurred_at":1}', '{"occurred_at":"2026-03-02T10:00:00Z', '[]', ''])
    assert.equal(occurredMs(Buffer.from(text)), undefined, text);
});
