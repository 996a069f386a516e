/** Something that needs others before it. */
export interface Needing {
  readonly id: string;
  /** Ids of others in the graph. */
  readonly needs: readonly string[];
}

/** Something in its place: its column by how much lies before it, its row within the column. */
export interface GraphNode<T extends Needing> {
  readonly item: T;
  readonly column: number;
  readonly row: number;
}

/** A need that no other way between the two says already. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

export interface GraphLayout<T extends Needing> {
  readonly nodes: readonly GraphNode<T>[];
  readonly edges: readonly GraphEdge[];
  readonly columns: number;
  readonly rows: number;
}

const sweeps = 4;

/**
 * Lays things out from left to right, needs before what needs them, with few crossings. They are given in an order in
 * which needs come first.
 */
export function layoutGraph<T extends Needing>(items: readonly T[]): GraphLayout<T> {
  const byId = new Map(items.map((item) => [item.id, item]));
  const depth = new Map<string, number>();
  for (const { id, needs } of items)
    depth.set(id, Math.max(-1, ...needs.map((need) => depth.get(need) ?? -1)) + 1);
  const edges = edgesOf(items, byId);
  const columns: string[][] = [];
  for (const { id } of items) (columns[depth.get(id) ?? 0] ??= []).push(id);
  order(columns, edges);
  const nodes = columns.flatMap((ids, column) =>
    ids.map((id, row) => ({ item: byId.get(id) as T, column, row })),
  );
  return { nodes, edges, columns: columns.length, rows: Math.max(0, ...columns.map((ids) => ids.length)) };
}

/** Everything that one needs, or that needs it, however far away. */
export function relatedTo(items: readonly Needing[], id: string): ReadonlySet<string> {
  const needs = new Map(items.map((item) => [item.id, item.needs]));
  const neededBy = new Map<string, string[]>();
  for (const item of items)
    for (const need of item.needs) neededBy.set(need, [...(neededBy.get(need) ?? []), item.id]);
  const reach = (ways: ReadonlyMap<string, readonly string[]>): readonly string[] => {
    const seen = new Set<string>([id]);
    for (const at of seen) for (const next of ways.get(at) ?? []) seen.add(next);
    return [...seen];
  };
  return new Set([...reach(needs), ...reach(neededBy)]);
}

function edgesOf(items: readonly Needing[], byId: ReadonlyMap<string, Needing>): readonly GraphEdge[] {
  const behind = new Map<string, ReadonlySet<string>>();
  for (const { id, needs } of items) {
    const all = new Set<string>();
    for (const need of needs) {
      all.add(need);
      for (const far of behind.get(need) ?? []) all.add(far);
    }
    behind.set(id, all);
  }
  return items.flatMap(({ id, needs }) =>
    needs
      .filter((need) => byId.has(need) && !needs.some((other) => behind.get(other)?.has(need) === true))
      .map((need) => ({ from: need, to: id })),
  );
}

/** Moves each task towards the middle of what it is joined with, to and fro. */
function order(columns: string[][], edges: readonly GraphEdge[]): void {
  const joined = new Map<string, string[]>();
  for (const { from, to } of edges)
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const)
      joined.set(one, [...(joined.get(one) ?? []), other]);
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const place = new Map<string, number>();
    const note = (): void =>
      columns.forEach((ids) => ids.forEach((id, row) => place.set(id, (row + 0.5) / ids.length)));
    note();
    for (const ids of sweep % 2 === 0 ? columns : columns.toReversed()) {
      const middle = new Map(
        ids.map((id) => {
          const places = (joined.get(id) ?? []).map((other) => place.get(other) ?? 0.5);
          const sum = places.reduce((total, one) => total + one, 0);
          return [id, places.length === 0 ? (place.get(id) ?? 0.5) : sum / places.length];
        }),
      );
      ids.sort((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0) || (a < b ? -1 : 1));
      note();
    }
  }
}
