import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { test } from 'node:test';
import { createLogger } from '../log.ts';
import { resolveConfig } from './resolve-config.ts';

const wrong = (
  spec: unknown,
  message: RegExp,
  env: Readonly<Record<string, string>> = {},
  text?: string,
): void => {
  assert.throws(() => resolveConfig(spec, { env, ...(text === undefined ? {} : { text }) }), {
    name: 'OctavoError',
    message,
  });
};

test('an empty configuration has every default', () => {
  const config = resolveConfig({}, { env: {} });
  assert.deepEqual(config.calendar, { timeZone: 'Asia/Seoul', dayStart: '06:00' });
  assert.equal(config.http.port, 8085);
});

test('an unknown key is refused with file, line and the nearest name', () => {
  wrong(
    { http: { prot: 1 } },
    /octavo\.config\.ts:3: http\.prot is unknown, did you mean 'port'\?/,
    {},
    'export default {\n  http: {\n    prot: 1,\n  },\n};\n',
  );
  wrong(
    { sources: { shop: { type: 'sqllite', path: 'x' } } },
    /sources\.shop\.type is 'sqllite', did you mean 'sqlite'\?/,
  );
});

test('a wrong value is refused with its path and what is allowed', () => {
  wrong({ http: { port: 70_000 } }, /http\.port is 70000, expected a whole number from 0 to 65535/);
  wrong({ locale: 'kr' }, /locale is 'kr', expected one of 'ko', 'en'/);
  wrong([], /expected an object/);
});

test('the environment wins and is checked too', () => {
  assert.equal(resolveConfig({ http: { port: 1 } }, { env: { OCTAVO_HTTP_PORT: '99' } }).http.port, 99);
  wrong({}, /from OCTAVO_HTTP_PORT/, { OCTAVO_HTTP_PORT: 'many' });
});

test('a secret comes from the environment and is never printed', () => {
  const config = resolveConfig({ api: { adminKey: { env: 'KEY' } } }, { env: { KEY: 'hush' } });
  assert.equal(config.api.adminKey?.reveal(), 'hush');
  const lines: string[] = [];
  createLogger({ write: (line) => lines.push(line) }).info('started', {
    config,
    password: 'hush',
    header: 'Bearer hush',
  });
  for (const text of [
    JSON.stringify(config),
    inspect(config, { depth: 9 }),
    String(config.api.adminKey),
    ...lines,
  ]) {
    assert.ok(!text.includes('hush') && text.includes('***'), text);
  }
  wrong({ api: { adminKey: { env: 'KEY' } } }, /needs the environment variable KEY/);
  wrong({ api: { adminKey: 'hush' } }, /expected \{ env: 'NAME' \}/);
});

test('a source is checked before a file of it is read', () => {
  const csv = { type: 'csv', path: 'x.csv', table: 'lines' };
  const sqlite = (table: object): object => ({
    sources: { shop: { type: 'sqlite', path: 'x.db', tables: { orders: table } } },
  });
  wrong(
    { sources: { shop: { ...csv, columns: { qty: 'itn' } } } },
    /octavo\.config\.ts:2: sources\.shop\.columns\.qty is 'itn', expected a type such as .*, did you mean 'int'\?/,
    {},
    "export default { sources: { shop: { type: 'csv',\n columns: { qty: 'itn' } } } };\n",
  );
  wrong({ sources: { shop: { ...csv, timeZone: 'Mars' } } }, /timeZone is 'Mars', expected an IANA name/);
  wrong({ sources: { shop: { ...csv, timeZone: 'Asia/Soul' } } }, /did you mean 'Asia\/Seoul'\?/);
  wrong(
    { sources: { shop: { ...csv, delimiter: 'abcde' } } },
    /delimiter is 'abcde', expected one character/,
  );
  wrong(sqlite({ mode: 'incremental' }), /tables\.orders\.mode is 'incremental', which needs a cursor/);
  wrong(sqlite({ cursor: 'id' }), /tables\.orders\.cursor goes with mode 'incremental'/);
  const types = [
    'INT',
    'decimal(18, 2)',
    'timestamp with time zone',
    'varchar[]',
    'struct(a int)',
    'Numeric(9,3)',
  ];
  for (const type of types)
    resolveConfig({ sources: { shop: { ...csv, columns: { qty: type } } } }, { env: {} });
  resolveConfig(sqlite({ mode: 'incremental', cursor: 'id', time: 'at' }), { env: {} });
});
