import { type PlanNode } from './graph.ts';

/** Tasks that could run now, by the resources they want; within the same resources the plan's order counts. */
export class ReadyQueue {
  readonly #heaps = new Map<string, PlanNode[]>();

  add(node: PlanNode): void {
    const key = resourceKey(node);
    const heap = this.#heaps.get(key) ?? [];
    this.#heaps.set(key, heap);
    heap.push(node);
    for (let at = heap.length - 1; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!before(heap, at, parent)) break;
      swap(heap, at, parent);
      at = parent;
    }
  }

  /** Removes the earliest task among those whose resources fit; undefined when none does. */
  take(fits: (resources: Readonly<Record<string, number>>, key: string) => boolean): PlanNode | undefined {
    let best: PlanNode[] | undefined;
    for (const [key, heap] of this.#heaps) {
      const [head] = heap;
      if (head === undefined || !fits(head.task.resources, key)) continue;
      if (best === undefined || head.order < (best[0] as PlanNode).order) best = heap;
    }
    return best === undefined ? undefined : removeHead(best);
  }
}

/** Equal for tasks that want the same resources. */
export function resourceKey(node: PlanNode): string {
  const entries = Object.entries(node.task.resources);
  return entries.length === 0 ? '' : JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function removeHead(heap: PlanNode[]): PlanNode | undefined {
  const head = heap[0];
  const last = heap.pop();
  if (heap.length === 0 || last === undefined) return head;
  heap[0] = last;
  for (let at = 0; ;) {
    let least = at;
    for (const child of [2 * at + 1, 2 * at + 2])
      if (child < heap.length && before(heap, child, least)) least = child;
    if (least === at) return head;
    swap(heap, at, least);
    at = least;
  }
}

function before(heap: readonly PlanNode[], a: number, b: number): boolean {
  return (heap[a] as PlanNode).order < (heap[b] as PlanNode).order;
}

function swap(heap: PlanNode[], a: number, b: number): void {
  const kept = heap[a] as PlanNode;
  heap[a] = heap[b] as PlanNode;
  heap[b] = kept;
}
