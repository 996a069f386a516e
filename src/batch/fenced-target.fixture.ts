import { OctavoError, openDatabase, transaction, type Clock } from '../base/index.ts';
import { target } from './targets.ts';
import { type Target } from './task.ts';

/** A publication that was accepted or refused. */
export interface Publication {
  readonly name: string;
  readonly token: number;
  readonly worker: string;
  readonly accepted: boolean;
}

/** A store in one SQLite file that fences its publications by tokens, as every store does, and remembers each one. */
export interface FencedTarget {
  target(name: string): Target;
  /** Errors: `lease_lost` when a greater token has published the name. */
  publish(name: string, token: number, worker: string): void;
  /** In the order in which they came. */
  publications(): readonly Publication[];
  close(): void;
}

export function openFencedTarget(path: string): FencedTarget {
  const database = openDatabase({
    path,
    migrations: [
      'create table fences (name text primary key, token integer not null) strict',
      `create table publications (
        number integer primary key, name text not null, token integer not null, worker text not null, accepted integer not null
      ) strict`,
    ],
  });
  const accept = database.prepare(
    'insert into fences (name, token) values (?, ?) on conflict (name) do update set token = excluded.token where excluded.token >= token',
  );
  const remember = database.prepare(
    'insert into publications (name, token, worker, accepted) values (?, ?, ?, ?)',
  );
  const there = database.prepare('select 1 from publications where name = ? and accepted = 1');
  return {
    target: (name) => target(`publication ${name}`, () => there.get(name) !== undefined),
    publish: (name, token, worker) => {
      const accepted = transaction(database, () => {
        const newer = accept.run(name, token).changes === 1;
        remember.run(name, token, worker, newer ? 1 : 0);
        return newer;
      });
      if (!accepted) throw new OctavoError('lease_lost', `'${name}'`);
    },
    publications: () => {
      const rows = database
        .prepare('select name, token, worker, accepted from publications order by number')
        .all();
      return rows.map((row) => ({ ...(row as unknown as Publication), accepted: row['accepted'] === 1 }));
    },
    close: () => database.close(),
  };
}

/** Resolves when the condition holds. */
export async function until(clock: Clock, condition: () => boolean): Promise<void> {
  while (!condition()) await clock.sleep(5);
}
