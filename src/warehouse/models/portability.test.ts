import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCalendar, OctavoError } from '../../base/index.ts';
import { templateFunctions } from './functions.ts';
import { parseModel } from './model.ts';
import { parseTemplate, renderTemplate } from './template.ts';

const parse = (sql: string, header = 'materialize: table') =>
  parseModel({ text: `/*\n${header}\n*/\n${sql}\n`, name: 'm', file: 'models/m.sql' });

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof OctavoError && error.code === 'model_invalid', String(error));
    return error.message;
  }
  assert.fail('it was taken');
}

test('SQL of one engine only is refused with its line and what to write instead', () => {
  const cases = [
    ['select a::int from t', 4, 'cast\\(x as type\\)'],
    ['select 1\nfrom t, unnest(items)', 5, 'each'],
    ['select cast(a as timestamptz) from t', 4, 'instant'],
    ['select a from t\nqualify row_number() over () = 1', 5, 'row_number'],
    ['select * exclude (a) from t', 4, 'names'],
    ['select a // 2 from t', 4, 'floor'],
    ['select random() from t', 4, 'same at every run'],
  ] as const;
  for (const [sql, line, instead] of cases)
    assert.match(
      refusal(() => parse(sql)),
      new RegExp(`models/m\\.sql:${line}: .*${instead}`),
      sql,
    );
});

test('texts, comments, quoted names and calls are not looked into, and a model may stand apart', () => {
  parse(
    `select 'a::b' as "unnest", {{ json_text('c', 'hash') }} -- qualify\nfrom t /* pivot */ where a <> '//'`,
  );
  parse('select a::int from t', 'portable: false');
});

test('a function is spelled as each engine spells it', () => {
  const calendar = createCalendar();
  const render = (sql: string, dialect: 'duckdb' | 'spark'): string =>
    renderTemplate(
      parseTemplate({ text: sql, file: 'models/m.sql', lineOffset: 0 }),
      templateFunctions({ calendar, day: '2026-11-02', macros: {}, dialect }),
    );
  const sql = "from t {{ each('t.items', 'listed') }} where {{ matches('a', '^[0-9]''') }} and d = {{ day }}";
  assert.equal(
    render(sql, 'duckdb'),
    "from t cross join unnest(t.items) as listed(item) where regexp_matches(a, '^[0-9]''') and d = cast('2026-11-02' as date)",
  );
  assert.equal(
    render(sql, 'spark'),
    "from t lateral view explode(t.items) listed as item where (a rlike r'^[0-9]''') and d = cast('2026-11-02' as date)",
  );
});

test('a wrong call is named with its line and the nearest name', () => {
  const functions = templateFunctions({ calendar: createCalendar(), macros: {} });
  const render = (text: string): unknown =>
    renderTemplate(parseTemplate({ text, file: 'models/m.sql', lineOffset: 3 }), functions);
  assert.match(
    refusal(() => render("select 1\nfrom {{ reff('a') }}")),
    /m\.sql:5: .*'reff'.*'ref'/,
  );
  assert.match(
    refusal(() => render("from {{ ref('a', 'b') }}")),
    /takes 1 arguments, given are 2/,
  );
  assert.match(
    refusal(() => render('from {{ ref(a) }}')),
    /texts in quotes/,
  );
  assert.match(
    refusal(() => render('{% if a %}')),
    /stands alone/,
  );
  assert.match(
    refusal(() => render('where a = {{ day }}')),
    /no function 'day'/,
  );
});
