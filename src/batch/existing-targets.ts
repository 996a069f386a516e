import { type Target } from './task.ts';

/** The recorded markers, as the batch state knows them. */
export interface Markers {
  /** Those of the keys that are recorded. */
  markers(keys: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Those of the targets that exist; markers and groups are looked up in one call each, the others one by one. */
export async function existingTargets(
  targets: readonly Target[],
  state: Markers,
): Promise<ReadonlySet<Target>> {
  const found = new Set<Target>();
  const marked = targets.filter((target) => target.marker !== undefined);
  if (marked.length > 0) {
    const recorded = await state.markers(marked.map((target) => target.marker ?? ''));
    for (const target of marked) if (recorded.has(target.marker ?? '')) found.add(target);
  }
  const others = targets.filter((target) => target.marker === undefined);
  for (const [group, members] of Map.groupBy(others, (target) => target.group)) {
    if (group !== undefined) {
      for (const target of await group.existing(members)) found.add(target);
      continue;
    }
    for (const target of members) if (await target.exists()) found.add(target);
  }
  return found;
}
