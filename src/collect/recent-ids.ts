/** The ids of the newest events: a bounded window, oldest half forgotten first. Ids are per source. */
export interface RecentIds {
  has(key: string): boolean;
  add(key: string): void;
  delete(key: string): void;
}

/** @param idsMax - ids that are surely remembered; up to twice as many are */
export function createRecentIds(idsMax: number): RecentIds {
  let young = new Set<string>();
  let old = new Set<string>();
  return {
    has: (key) => young.has(key) || old.has(key),
    add: (key) => {
      young.add(key);
      if (young.size < idsMax) return;
      old = young;
      young = new Set();
    },
    delete: (key) => {
      young.delete(key);
      old.delete(key);
    },
  };
}
