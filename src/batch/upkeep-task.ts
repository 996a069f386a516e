import type { BusinessDay } from '../base/index.ts';
import { keepTables, type UpkeepOptions, type Warehouse } from '../warehouse/index.ts';
import { defineTask } from './define-task.ts';
import type { Task } from './task.ts';

/** What is kept, and what keeps more than the warehouse. */
export interface UpkeepTaskOptions extends Pick<UpkeepOptions, 'snapshotsKeptMs' | 'orphansKeptMs'> {
  readonly warehouse: Warehouse;
  /** Removes what is old elsewhere (editions) before the snapshots that only it cites; returns what it removed. */
  readonly sweep: () => Promise<Readonly<Record<string, number>>>;
  /** Snapshots that published editions cite, by table. */
  readonly cited: () => Promise<Readonly<Record<string, readonly string[]>>>;
}

/** Expires snapshots that no edition cites and removes what nothing names, once a day after the day is sealed. */
export function upkeepTask(options: UpkeepTaskOptions): Task {
  const { warehouse, sweep, cited, snapshotsKeptMs, orphansKeptMs } = options;
  return defineTask({
    name: 'upkeep',
    description: {
      en: 'Puts small files together; removes old editions, snapshots that no edition cites, and files that nothing names',
      ko: '작은 파일을 합치고, 오래된 판, 어느 판도 쓰지 않는 스냅샷, 아무도 가리키지 않는 파일을 지웁니다',
    },
    parameters: { day: 'day' },
    daily: true,
    needs: ({ day }: { readonly day: BusinessDay }) => [{ task: 'seal', parameters: { day } }],
    run: async ({ signal, count }) => {
      count(await sweep());
      count(await keepTables(warehouse, { snapshotsKeptMs, orphansKeptMs, cited: await cited(), signal }));
    },
  });
}
