import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { defineTask } from '../batch/index.ts';
import { OctavoError } from '../base/index.ts';
import { assertTablesKnown, tellPlaces } from './declared-place.ts';

const column = (name: string, line: string): OctavoError =>
  new OctavoError('query_invalid', `Referenced column "${name}" not found!\n\nLINE 9: ...${line}...\n   ^`);

test('what only the tables can tell is told with the file and line that names it', async () => {
  const root = await mkdtemp(join(tmpdir(), 'octavo-place-'));
  const messageOf = async (name: string, thrown: Error): Promise<string> => {
    const task = defineTask({
      name,
      run: () => {
        throw thrown;
      },
    });
    const [told = task] = tellPlaces([task], root);
    const error: unknown = await Promise.resolve(told.run({ ref: { parameters: {} } } as never)).catch(
      (one: unknown) => one,
    );
    return error instanceof Error ? error.message : String(error);
  };
  try {
    for (const folder of ['models/deep', 'metrics', 'lists'])
      await mkdir(join(root, folder), { recursive: true });
    await writeFile(join(root, 'models/deep/sales.sql'), 'select price,\n  price as paid\nfrom t\n');
    await writeFile(join(root, 'models/others.sql'), 'select price from t\n');
    await writeFile(join(root, 'metrics/sales.yaml'), 'metrics:\n  - name: sales\n    value: sum(piad)\n');
    await writeFile(join(root, 'octavo.config.ts'), 'export default {\n  cursor: "orderid" };\n');
    assert.match(
      await messageOf('model:sales', column('price', 'price as paid')),
      /: models\/deep\/sales\.sql:2: /,
    );
    assert.match(
      await messageOf('model:sales', column('price', 'elsewhere')),
      /: models\/deep\/sales\.sql:1: /,
    );
    assert.match(
      await messageOf('statistics:daily', column('piad', 'sum(piad)')),
      /: metrics\/sales\.yaml:3: /,
    );
    assert.match(
      await messageOf('extract:shop.orders', new OctavoError('source_invalid', "no column 'orderid'")),
      /: octavo\.config\.ts:2: /,
    );
    for (const thrown of [
      column('nowhere', 'x'),
      new OctavoError('query_timeout', 'column "price"'),
      new Error('no'),
    ])
      assert.equal(await messageOf('model:sales', thrown), thrown.message);
  } finally {
    await rm(root, { recursive: true });
  }
});

test('a task of the project itself stays as it is', () => {
  const task = defineTask({ name: 'morning-report', run: () => undefined });
  assert.equal(tellPlaces([task], '/nowhere')[0], task);
});

test('a column behind its table, a declared column, and a table that nobody makes are told with their place', async () => {
  const root = await mkdtemp(join(tmpdir(), 'octavo-place-'));
  try {
    await mkdir(join(root, 'models'));
    await mkdir(join(root, 'metrics'));
    await writeFile(
      join(root, 'models/sales.sql'),
      '/*\ncolumns: { sold_att: {} }\n*/\nselect line.copeis\nfrom t\n',
    );
    await writeFile(join(root, 'metrics/sales.yaml'), 'metrics:\n  - name: sales\n    table: model.saels\n');
    const throwing = (thrown: Error) =>
      defineTask({
        name: 'model:sales',
        lineage: { reads: ['raw.lines'], makes: ['model.sales'] },
        run: () => {
          throw thrown;
        },
      });
    const columns = async (): Promise<readonly string[]> => ['copies', 'price'];
    const told = async (thrown: Error): Promise<void> =>
      tellPlaces([throwing(thrown)], root, columns)[0]?.run({ ref: { parameters: {} } } as never);
    await assert.rejects(
      told(
        new OctavoError(
          'query_invalid',
          'Values list "line" does not have a column named "copeis"\n\nLINE 4:',
        ),
      ),
      /: models\/sales\.sql:4: .*"copeis", did you mean 'copies'\?/,
    );
    await assert.rejects(
      told(new OctavoError('column_not_found', "the SELECT has no column 'sold_att', which is declared")),
      /: models\/sales\.sql:2: the SELECT has no column/,
    );
    const reading = defineTask({
      name: 'statistics:daily',
      lineage: { reads: ['model.saels', 'source:x'], makes: ['statistic.daily'] },
      run: () => undefined,
    });
    await assert.rejects(
      assertTablesKnown([throwing(new Error('no')), reading], root, ['raw.lines']),
      /: metrics\/sales\.yaml:3: 'model\.saels', did you mean 'model\.sales'\?/,
    );
    await assertTablesKnown([throwing(new Error('no')), reading], root, ['raw.lines', 'model.saels']);
  } finally {
    await rm(root, { recursive: true });
  }
});
