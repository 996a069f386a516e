import {
  createCalendar,
  fileStorage,
  resolveConfig,
  seededRandom,
  silentLogger,
  systemClock,
} from '../../src/base/index.ts';
import { extractSource, openWarehouse, sourceUnits } from '../../src/warehouse/index.ts';

/** One extraction in a process of its own, which a test kills. Its argument is JSON: `root`, `shop` (the source), `seed`. */
const { root, shop, seed } = JSON.parse(process.argv[2] ?? '') as {
  readonly root: string;
  readonly shop: object;
  readonly seed: string;
};
const warehouse = await openWarehouse({
  root,
  storage: fileStorage(),
  clock: systemClock,
  random: seededRandom(seed),
  calendar: createCalendar({ timeZone: 'Asia/Seoul', dayStart: '06:00' }),
  memory: '400MB',
  threads: 1,
  processesMax: 1,
});
const { sources } = resolveConfig({ sources: { shop } }, { env: process.env });
const context = { warehouse, sources, log: silentLogger };
process.stdout.write('begins\n');
for (const unit of sourceUnits(context)) await extractSource(context, unit);
await warehouse.close();
