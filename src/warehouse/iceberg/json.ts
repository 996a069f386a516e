const idKeys = new Set(['snapshot-id', 'parent-snapshot-id', 'current-snapshot-id']);

/**
 * Parses the JSON of the Iceberg protocol without loss: snapshot ids become bigint, other
 * integers stay numbers unless they are beyond 2^53.
 */
export function parseIcebergJson(text: string): unknown {
  const revive = (key: string, value: unknown, context?: { readonly source?: string }): unknown => {
    if (typeof value === 'number') {
      const source = context?.source ?? '';
      const integer = /^-?\d+$/.test(source);
      return integer && (idKeys.has(key) || !Number.isSafeInteger(value)) ? BigInt(source) : value;
    }
    if (key === 'snapshot-ids' && Array.isArray(value)) return value.map((id: number | bigint) => BigInt(id));
    return value;
  };
  return JSON.parse(text, revive);
}

/** Writes values with bigint as JSON; bigints become plain integers of any length. */
export function formatIcebergJson(value: unknown, indent?: number): string {
  const raw = JSON as unknown as { rawJSON(text: string): unknown };
  return JSON.stringify(
    value,
    (_, item: unknown) => (typeof item === 'bigint' ? raw.rawJSON(String(item)) : item),
    indent,
  );
}
