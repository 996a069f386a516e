import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { openDatabase, OctavoError, transaction } from '../../base/index.ts';
import type { TableId } from '../catalog-port.ts';

const migrations = [
  `create table namespaces (name text primary key, properties text not null) strict`,
  `create table tables (
     namespace text not null references namespaces(name), name text not null, location text not null,
     primary key (namespace, name)) strict`,
  // Previous locations, so that a damaged file can be gone back from even when it cannot be read.
  `create table history (
     namespace text not null, name text not null, position integer not null, location text not null,
     primary key (namespace, name, position)) strict`,
];

/** A table that gets another metadata file. */
export interface TableMove {
  readonly id: TableId;
  /** Where it must stand for that; undefined when it must not be there. */
  readonly previous: string | undefined;
  readonly table: { readonly metadataLocation: string };
}

/** A metadata file that a table had. */
export interface PastLocation {
  readonly position: number;
  readonly location: string;
}

/**
 * Names of namespaces and tables, and where each table's metadata is, now and before. Several processes may use it at the
 * same time. Errors: `namespace_not_found`, `namespace_exists`, `namespace_not_empty`, `table_not_found`, `table_exists`.
 */
export class CatalogDatabase {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** @param path - of the database file */
  constructor(path: string) {
    this.#database = openDatabase({ path, migrations });
  }

  namespaces(): readonly string[] {
    return this.#sql('select name from namespaces order by name')
      .all()
      .map((row) => row['name'] as string);
  }

  addNamespace(namespace: string, properties: Readonly<Record<string, string>>): void {
    const insert = this.#sql('insert into namespaces values (?, ?) on conflict do nothing');
    if (insert.run(namespace, JSON.stringify(properties)).changes === 0)
      throw new OctavoError('namespace_exists', namespace);
  }

  namespaceProperties(namespace: string): Readonly<Record<string, string>> {
    const row = this.#sql('select properties from namespaces where name = ?').get(namespace);
    if (row === undefined) throw new OctavoError('namespace_not_found', namespace);
    return JSON.parse(row['properties'] as string) as Record<string, string>;
  }

  setNamespaceProperties(namespace: string, properties: Readonly<Record<string, string>>): void {
    const update = this.#sql('update namespaces set properties = ? where name = ?');
    if (update.run(JSON.stringify(properties), namespace).changes === 0)
      throw new OctavoError('namespace_not_found', namespace);
  }

  dropNamespace(namespace: string): void {
    transaction(this.#database, () => {
      const row = this.#sql('select 1 from tables where namespace = ?').get(namespace);
      if (row !== undefined) throw new OctavoError('namespace_not_empty', namespace);
      const gone = this.#sql('delete from namespaces where name = ?').run(namespace);
      if (gone.changes === 0) throw new OctavoError('namespace_not_found', namespace);
    });
  }

  tables(namespace: string): readonly TableId[] {
    this.namespaceProperties(namespace);
    return this.#sql('select name from tables where namespace = ? order by name')
      .all(namespace)
      .map((row) => ({ namespace, name: row['name'] as string }));
  }

  /** Where the table's metadata is; undefined when there is no such table. */
  location({ namespace, name }: TableId): string | undefined {
    const row = this.#sql('select location from tables where namespace = ? and name = ?').get(
      namespace,
      name,
    );
    return row?.['location'] as string | undefined;
  }

  /** Moves all of the tables, or none when one of them does not stand where it must: false then. */
  move(moves: readonly TableMove[]): boolean {
    const lost = new Error('lost the race');
    try {
      transaction(this.#database, () => {
        for (const { id, previous, table } of moves) {
          if (this.location(id) !== previous) throw lost;
          this.#sql(
            'insert into tables values (?, ?, ?) on conflict do update set location = excluded.location',
          ).run(id.namespace, id.name, table.metadataLocation);
          if (previous !== undefined) {
            this.#sql(
              `insert into history select ?1, ?2, coalesce(max(position), 0) + 1, ?3 from history where namespace = ?1 and name = ?2`,
            ).run(id.namespace, id.name, previous);
          }
        }
      });
      return true;
    } catch (error) {
      if (error === lost) return false;
      throw error;
    }
  }

  rename(from: TableId, to: TableId): void {
    this.namespaceProperties(to.namespace);
    transaction(this.#database, () => {
      if (this.location(to) !== undefined)
        throw new OctavoError('table_exists', `${to.namespace}.${to.name}`);
      const moved = this.#sql(
        'update tables set namespace = ?, name = ? where namespace = ? and name = ?',
      ).run(to.namespace, to.name, from.namespace, from.name);
      if (moved.changes === 0) throw new OctavoError('table_not_found', `${from.namespace}.${from.name}`);
      this.#sql('delete from history where namespace = ? and name = ?').run(to.namespace, to.name);
      this.#sql('update history set namespace = ?, name = ? where namespace = ? and name = ?').run(
        to.namespace,
        to.name,
        from.namespace,
        from.name,
      );
    });
  }

  remove({ namespace, name }: TableId): void {
    transaction(this.#database, () => {
      this.#sql('delete from tables where namespace = ? and name = ?').run(namespace, name);
      this.#sql('delete from history where namespace = ? and name = ?').run(namespace, name);
    });
  }

  /** Metadata files that the table had, newest first, without the `kept` newest. */
  past({ namespace, name }: TableId, kept = 0): readonly PastLocation[] {
    const rows = this.#sql(
      'select position, location from history where namespace = ? and name = ? order by position desc limit -1 offset ?',
    ).all(namespace, name, kept);
    return rows.map((row) => ({
      position: row['position'] as number,
      location: row['location'] as string,
    }));
  }

  forget({ namespace, name }: TableId, position: number): void {
    this.#sql('delete from history where namespace = ? and name = ? and position = ?').run(
      namespace,
      name,
      position,
    );
  }

  close(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #sql(sql: string): StatementSync {
    const known = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }
}
