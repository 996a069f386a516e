import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, after, describe, it } from 'node:test';
import { catalogSettings } from '../../services/spark/java-options.ts';
import { tableName, type Warehouse } from '../../src/warehouse/index.ts';
import { engines, openTables, type Engines } from './engines.ts';
import { startOctavo, type OctavoProcess } from './octavo-process.ts';
import { assertSameRows } from './same-rows.ts';

describe('every table of the bookstore', { timeout: 600_000 }, () => {
  let all: Engines;
  let octavo: OctavoProcess;
  let warehouse: Warehouse;

  before(async () => {
    all = await engines();
    const data = join(all.folder, 'bookstore');
    octavo = await startOctavo('demo', '--days', '3', '--scale', '0.1', '--rate', '0', '--data', data);
    warehouse = await openTables(data);
  });

  after(async () => {
    await warehouse?.close();
    await octavo?.stop();
  });

  it('is read with equal rows by Spark and PyIceberg', async () => {
    const key = String(octavo.ready['key']);
    const settings = catalogSettings('shop', { url: octavo.catalogUrl, key });
    for (const [setting, value] of Object.entries(settings)) {
      await all.spark.run(`set \`${setting}\`=${value}`);
    }
    const names: string[] = [];
    for (const { id, metadata } of await warehouse.tables()) {
      const snapshotId = metadata['current-snapshot-id'];
      if (snapshotId === undefined) continue;
      names.push(tableName(id));
      const catalogue = { uri: octavo.catalogUrl, token: key };
      await assertSameRows(all, tableName(id), undefined, {
        warehouse,
        snapshotId,
        sparkCatalog: 'shop',
        catalogue,
      });
    }
    for (const name of [
      'raw.events',
      'raw.shop_order_lines',
      'model.sale_lines',
      'statistic.daily_metrics',
    ]) {
      assert.ok(names.includes(name), `${name} is not among ${names.join(', ')}`);
    }
    const shown = await all.spark.run('show tables in shop.model');
    assert.ok(shown.length > 5);
  });
});
