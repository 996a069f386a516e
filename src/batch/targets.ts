import { access } from 'node:fs/promises';
import { OctavoError, type BusinessDay } from '../base/index.ts';
import { type Target, type TargetGroup } from './task.ts';

/** The part of the warehouse that targets look at. */
export interface WarehouseTables {
  /** Undefined when there is no such table. */
  table(
    name: string,
  ): Promise<{ readonly metadata: { readonly properties?: Readonly<Record<string, string>> } } | undefined>;
}

/** A target that any function can tell of. */
export function target(description: string, exists: () => Promise<boolean> | boolean): Target {
  return { description, exists: async () => await exists() };
}

/** A file, which must appear whole: write it under another name and rename it. */
export function file(path: string): Target {
  return target(`file ${path}`, async () => {
    try {
      await access(path);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Work with no natural target: the batch state records the key in the same transaction as the success.
 * Only the runner and the planner, which hold the state, can tell whether it exists.
 */
export function marker(key: string): Target {
  return {
    description: `marker ${key}`,
    marker: key,
    exists: async () => {
      throw new OctavoError('internal', `marker '${key}' was asked without the batch state`);
    },
  };
}

/** One business day of a table, built: the commit that wrote it set the table property `octavo.day.<day>`. */
export function warehouseDay(warehouse: WarehouseTables, table: string, day: BusinessDay): Target {
  return warehouseProperty(warehouse, table, `octavo.day.${day}`, `table ${table} day ${day}`);
}

/** A whole table, built: the commit that wrote it set the table property `octavo.built`. */
export function warehouseTable(warehouse: WarehouseTables, table: string): Target {
  return warehouseProperty(warehouse, table, 'octavo.built', `table ${table}`);
}

/** A property of a table; with `value`, it must be exactly that (e.g. the fingerprint of the model's text). */
export function warehouseProperty(
  warehouse: WarehouseTables,
  table: string,
  property: string,
  description: string,
  value?: string,
): Target {
  const group = groupOf(warehouse);
  const made: PropertyTarget = {
    description,
    group,
    table,
    property,
    value,
    exists: async () => (await group.existing([made])).has(made),
  };
  return made;
}

interface PropertyTarget extends Target {
  readonly table: string;
  readonly property: string;
  readonly value: string | undefined;
}

const groups = new WeakMap<WarehouseTables, TargetGroup>();

function groupOf(warehouse: WarehouseTables): TargetGroup {
  const known = groups.get(warehouse);
  if (known !== undefined) return known;
  const group: TargetGroup = {
    existing: async (targets) => {
      const byTable = Map.groupBy(targets as readonly PropertyTarget[], (one) => one.table);
      const found = new Set<Target>();
      for (const [name, ofTable] of byTable) {
        const properties = (await warehouse.table(name))?.metadata.properties ?? {};
        for (const one of ofTable) {
          const value = properties[one.property];
          if (value !== undefined && (one.value === undefined || value === one.value)) found.add(one);
        }
      }
      return found;
    },
  };
  groups.set(warehouse, group);
  return group;
}
