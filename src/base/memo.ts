/**
 * Remembers what a function gave, for as many arguments as stated: in two generations, the older one forgotten as a whole
 * when the younger is full. A hit costs one or two look-ups, whatever the number.
 *
 * @param entriesMax - results that are surely remembered; up to twice as many are
 */
export function createMemo<V>(entriesMax: number): (key: string, compute: () => V) => V {
  let young = new Map<string, { readonly value: V }>();
  let old = new Map<string, { readonly value: V }>();
  return (key, compute) => {
    const found = young.get(key);
    if (found !== undefined) return found.value;
    const entry = old.get(key) ?? { value: compute() };
    if (young.size >= entriesMax) {
      old = young;
      young = new Map();
    }
    young.set(key, entry);
    return entry.value;
  };
}
