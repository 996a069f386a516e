type Json = Readonly<Record<string, unknown>>;

/** Moves every schema with a title to `components.schemas`, once, so that generated clients get a type for each. */
export function nameSchemas<T extends object>(document: T): T {
  const schemas = new Map<string, unknown>();
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    const visited = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visit(inner)]));
    const { title, ...schema } = visited;
    if (typeof title !== 'string' || !('type' in schema)) return visited;
    schemas.set(title, schema);
    return { $ref: `#/components/schemas/${title}` };
  };
  const visited = visit(document) as Json;
  const { schemas: _replaced, ...components } = (visited['components'] ?? {}) as Json;
  const sorted = [...schemas].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { ...visited, components: { ...components, schemas: Object.fromEntries(sorted) } } as unknown as T;
}
