import { personalPaths } from '../event/index.ts';

const hidden = '***';

/** An event without what is personal in its kind: the places stay, so that one sees that something was there. */
export function hidePersonal(
  event: Readonly<Record<string, unknown>>,
  kind: string,
): Record<string, unknown> {
  let shown: Record<string, unknown> = { ...event };
  for (const path of personalPaths(kind)) shown = without(shown, path.split('/').slice(1));
  return shown;
}

/** The form of a value without its contents: what failed may hold anything anywhere. */
export function hideContents(
  value: unknown,
  keep: readonly string[] = ['id', 'kind', 'occurred_at'],
): unknown {
  if (Array.isArray(value)) return value.map((one) => hideContents(one, []));
  if (typeof value === 'string') return hidden;
  if (value === null || typeof value !== 'object') return value === null ? null : hidden;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      keep.includes(name) && typeof inner !== 'object' ? inner : hideContents(inner, []),
    ]),
  );
}

function without(value: Record<string, unknown>, path: readonly string[]): Record<string, unknown> {
  const [name = '', ...rest] = path;
  const inner = value[name];
  if (inner === undefined || inner === null) return value;
  if (rest.length === 0) return { ...value, [name]: hidden };
  return typeof inner === 'object' && !Array.isArray(inner)
    ? { ...value, [name]: without(inner as Record<string, unknown>, rest) }
    : value;
}
