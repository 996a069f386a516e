import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCalendar, hasCode } from '../base/index.ts';
import { parseList, ruleVersion } from './list.ts';
import { windowOf } from './window.ts';

const head = 'id: daily\ntitle: { ko: 일간, en: Daily }\nfamily: daily\n';
const parse = (rest = '') => parseList(`${head}${rest}`, 'lists/daily.yaml');

test('a list of three lines gets every default', () => {
  const list = parse();
  assert.deepEqual(list.window, { days: 1 });
  assert.deepEqual(list.kinds, ['purchase']);
  assert.equal(list.tables.lines, 'model.sale_lines');
  assert.deepEqual(
    [list.count, list.price, list.without_buyer, list.size],
    ['buyers', 'paid', 'leave_out', 100],
  );
  assert.deepEqual(parseList(head.replace('family: daily', 'family: monthly'), 'x').window, { days: 30 });
});

test('the rule version follows the rules and not the texts', () => {
  assert.equal(ruleVersion(parse()), ruleVersion(parse('description: other words\nsize: 100\n')));
  assert.notEqual(ruleVersion(parse()), ruleVersion(parse('size: 50\n')));
});

for (const [wrong, message] of [
  ['sise: 5\n', /lists\/daily\.yaml:4: unknown key 'sise', did you mean 'size'/],
  ['count: readers\n', /lists\/daily\.yaml:4: 'count' is "readers", expected "buyers" or "copies"/],
  ['size: 0\n', /lists\/daily\.yaml:4: 'size' is 0/],
  ['window: { days: 3, calendar: week }\n', /both days and calendar/],
  ['tables: { line: x.y }\n', /unknown key 'tables\.line', did you mean 'lines'/],
  [`filter: "kind = 'a'; drop table x"\n`, /may not contain ';'/],
  [`filter: "item_id in (select 1)"\n`, /may not contain 'select'/],
  [`filter: "(kind = 'a'"\n`, /bracket that is not closed/],
  [`filter: "kind = 'a"\n`, /quote that is not closed/],
] as const) {
  test(`a list with ${wrong.trim()} is refused by name`, () => {
    assert.throws(
      () => parse(wrong),
      (error) => hasCode(error, 'list_invalid') && message.test(error.message),
    );
  });
}

test('a filter may use texts with any content', () => {
  assert.equal(
    parse(`filter: "kind <> 'select; --' and (paid > 100)"\n`).filter,
    "kind <> 'select; --' and (paid > 100)",
  );
});

test('windows are trailing days, the ISO week so far, or the month so far', () => {
  const calendar = createCalendar();
  assert.deepEqual(windowOf(calendar, { days: 7 }, '2026-03-03'), { from: '2026-02-25', to: '2026-03-03' });
  assert.deepEqual(windowOf(calendar, { calendar: 'week' }, '2027-01-03'), {
    from: '2026-12-28',
    to: '2027-01-03',
  });
  assert.deepEqual(windowOf(calendar, { calendar: 'month' }, '2026-02-28'), {
    from: '2026-02-01',
    to: '2026-02-28',
  });
});
