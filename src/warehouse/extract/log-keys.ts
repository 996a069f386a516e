import type { LogChanges, LogPosition, LogTable, TextRow } from './database-port.ts';

/** Keys of one table that a log may name before reading the table whole is the shorter way. */
const keysMax = 500_000;

/** Gathers the keys that a change log names, each once. */
export class LogKeys {
  readonly tables: readonly LogTable[];
  readonly #keys = new Map<string, Map<string, TextRow>>();
  readonly #whole = new Set<string>();

  constructor(tables: readonly LogTable[]) {
    this.tables = tables;
    for (const { name } of tables) this.#keys.set(name, new Map());
  }

  /** The tables that are this one in the database. */
  named(schema: string, name: string): readonly LogTable[] {
    return this.tables.filter(({ table }) => table.schema === schema && table.name === name);
  }

  /** A row was written or deleted; what has no whole key says nothing. */
  add({ name }: LogTable, key: TextRow): void {
    const known = this.#keys.get(name);
    if (known === undefined || this.#whole.has(name) || key.includes(null)) return;
    known.set(JSON.stringify(key), key);
    if (known.size > keysMax) this.addWhole(name);
  }

  /** The log cannot say which rows of the table changed. */
  addWhole(name: string): void {
    this.#whole.add(name);
    this.#keys.get(name)?.clear();
  }

  changes(position: LogPosition): LogChanges {
    const keys = new Map([...this.#keys].map(([name, rows]) => [name, [...rows.values()]] as const));
    return { keys, whole: this.#whole, position };
  }
}
