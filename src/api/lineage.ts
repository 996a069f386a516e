import type { Task } from '../batch/index.ts';
import type { TableDetail } from './table-schemas.ts';

type Node = TableDetail['lineage'][number];

/** Everything that a table is made of, and everything that is made from it, by what the tasks say; itself among them. */
export function lineageOf(name: string, tasks: readonly Pick<Task, 'name' | 'lineage'>[]): Node[] {
  const before = new Map<string, Set<string>>();
  const behind = new Map<string, Set<string>>();
  const makers = new Map<string, string[]>();
  for (const { name: task, lineage } of tasks)
    for (const made of lineage?.makes ?? []) {
      makers.set(made, [...(makers.get(made) ?? []), task]);
      for (const read of lineage?.reads ?? []) {
        before.set(made, (before.get(made) ?? new Set<string>()).add(read));
        behind.set(read, (behind.get(read) ?? new Set<string>()).add(made));
      }
    }
  const shown = new Set([...reach(name, before), ...reach(name, behind)]);
  const node = (one: string): Node => ({
    name: one,
    from: [...(before.get(one) ?? [])].filter((other) => shown.has(other)),
    tasks: makers.get(one) ?? [],
  });
  return inOrder(shown, before).map(node);
}

function reach(name: string, ways: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const seen = new Set([name]);
  for (const at of seen) for (const next of ways.get(at) ?? []) seen.add(next);
  return seen;
}

/** What something is made of stands before it. */
function inOrder(
  shown: ReadonlySet<string>,
  before: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] {
  const placed = new Set<string>();
  const visiting = new Set<string>();
  const visit = (name: string): void => {
    if (placed.has(name) || visiting.has(name)) return;
    visiting.add(name);
    for (const other of before.get(name) ?? []) if (shown.has(other)) visit(other);
    visiting.delete(name);
    placed.add(name);
  };
  for (const name of [...shown].toSorted((a, b) => (a < b ? -1 : 1))) visit(name);
  return [...placed];
}
