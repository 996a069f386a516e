/** One change of an event that is not right: set a value, take it from elsewhere in the event, or take it out. */
export type EventChange =
  | { readonly path: string; readonly value: unknown }
  /** Moved from there; `received_at` stands for the time at which the collector took it. */
  | { readonly path: string; readonly from: string }
  | { readonly path: string; readonly remove: true };

/** Whether a text is a JSON pointer below the whole (RFC 6901). */
export function isPointer(text: string): boolean {
  return /^(\/([^~/]|~[01])*)+$/.test(text);
}

/**
 * A copy of the event with the changes, in their order. What is not there is made on the way; a change that has nothing
 * to take is left out. Anything that is no object, or is nested deeper than any event may be, comes back as it is.
 */
export function changeEvent(value: unknown, changes: readonly EventChange[], receivedAt: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (!isNestedAtMost(value, levelsMax)) return value;
  const changed = structuredClone(value) as Parent;
  for (const change of changes) {
    const path = partsOf(change.path);
    if ('remove' in change) take(changed, path);
    else if ('value' in change) put(changed, path, structuredClone(change.value));
    else {
      const moved = change.from === 'received_at' ? receivedAt : take(changed, partsOf(change.from));
      if (moved !== undefined) put(changed, path, moved);
    }
  }
  return changed;
}

/** Whether objects and arrays lie in each other at most so deep. It looks no deeper than that. */
export function isNestedAtMost(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isNestedAtMost(inner, levels - 1));
}

/** Far more than an event may have, and far less than the stack holds. */
export const levelsMax = 100;

type Parent = Record<string, unknown>;

function partsOf(pointer: string): readonly string[] {
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function inside(parent: Parent, name: string): Parent | undefined {
  const inner = Object.hasOwn(parent, name) ? parent[name] : undefined;
  return typeof inner === 'object' && inner !== null ? (inner as Parent) : undefined;
}

function take(whole: Parent, path: readonly string[]): unknown {
  const [last = '', ...rest] = path.toReversed();
  const parent = rest.toReversed().reduce<Parent | undefined>((at, name) => at && inside(at, name), whole);
  if (parent === undefined || !Object.hasOwn(parent, last)) return undefined;
  const taken = parent[last];
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return taken;
}

function put(whole: Parent, path: readonly string[], value: unknown): void {
  let parent = whole;
  for (const name of path.slice(0, -1)) {
    const inner = inside(parent, name) ?? {};
    define(parent, name, inner);
    parent = inner;
  }
  define(parent, path.at(-1) ?? '', value);
}

/** As JSON.parse makes them: `__proto__` is a name like others. */
function define(parent: Parent, name: string, value: unknown): void {
  Object.defineProperty(parent, name, { value, enumerable: true, configurable: true, writable: true });
}
