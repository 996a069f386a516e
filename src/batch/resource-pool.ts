/** What tasks use up while they run, by name, within one process. */
export interface ResourcePool {
  /** Whether the amounts are free. A task that wants more than the limit fits when it is alone. */
  fits(resources: Readonly<Record<string, number>>): boolean;
  take(resources: Readonly<Record<string, number>>): void;
  giveBack(resources: Readonly<Record<string, number>>): void;
}

/** @param limits - by name; 1 where there is none */
export function createResourcePool(limits: Readonly<Record<string, number>>): ResourcePool {
  const used = new Map<string, number>();
  const add = (resources: Readonly<Record<string, number>>, sign: 1 | -1): void => {
    for (const [name, amount] of Object.entries(resources))
      used.set(name, (used.get(name) ?? 0) + sign * amount);
  };
  return {
    fits: (resources) =>
      Object.entries(resources).every(
        ([name, amount]) => (used.get(name) ?? 0) + amount <= Math.max(limits[name] ?? 1, amount),
      ),
    take: (resources) => add(resources, 1),
    giveBack: (resources) => add(resources, -1),
  };
}
