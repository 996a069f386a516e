/** Finds a value in an object; undefined when there is none. */
export type ValuePath = (record: unknown) => unknown;

/** A way from one step of a name to another: by a key of an object, or a place in a list. */
interface Way {
  readonly key: string | number;
  readonly next: number;
}

/**
 * The value under a name such as `request.headers.User-Agent[0]`: dots lead into objects, `[0]` into lists. A name of an object may
 * have dots in it itself, as `http.request.method` has in one log and not in the next: what is found first counts, from the longest
 * name on.
 */
export function valuePath(name: string): ValuePath {
  const steps = stepsOf(name);
  const ways = steps.map((_, from) => waysFrom(steps, from));
  const find = (value: unknown, from: number): unknown => {
    const all = ways[from];
    if (all === undefined) return value;
    for (const { key, next } of all) {
      const found = isNumber(key)
        ? find(itemAt(value, key), next)
        : isObject(value) && Object.hasOwn(value, key)
          ? find(value[key], next)
          : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return (record) => (isObject(record) && Object.hasOwn(record, name) ? record[name] : find(record, 0));
}

/** The keys of an object under one of which the value of a name lies, if it is there. */
export function firstKeys(name: string): readonly string[] {
  return [name, ...waysFrom(stepsOf(name), 0).map(({ key }) => String(key))];
}

type Step = string | number;

/** A name with more is looked for as it stands only: each may be joined to the next. */
const stepsMax = 8;

function stepsOf(name: string): readonly Step[] {
  const steps = [...name.matchAll(/\[(\d+)\]|([^.[]+)/g)].map(([, index, key = '']) =>
    index === undefined ? key : Number(index),
  );
  return steps.length > stepsMax ? [name] : steps;
}

function waysFrom(steps: readonly Step[], from: number): readonly Way[] {
  const step = steps[from];
  if (step === undefined) return [];
  if (isNumber(step)) return [{ key: step, next: from + 1 }];
  let end = from + 1;
  while (typeof steps[end] === 'string') end++;
  return Array.from({ length: end - from }, (_, index) => end - index).map((next) => ({
    key: steps.slice(from, next).join('.'),
    next,
  }));
}

/** A single value may stand for a list of one. */
function itemAt(value: unknown, index: number): unknown {
  if (Array.isArray(value)) return value[index];
  return index === 0 ? value : undefined;
}

function isNumber(step: Step): step is number {
  return typeof step === 'number';
}

/** Whether a value has names. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
