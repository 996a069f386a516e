/** The part of JSON Schema that our schemas use. */
export interface JsonSchema {
  readonly type?: string | undefined;
  readonly const?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly anyOf?: readonly JsonSchema[] | undefined;
  readonly $ref?: string | undefined;
  readonly format?: string | undefined;
  readonly pattern?: string | undefined;
  readonly description?: string | undefined;
  readonly default?: unknown;
  readonly items?: JsonSchema | undefined;
  readonly properties?: Readonly<Record<string, JsonSchema>> | undefined;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly additionalProperties?: boolean | JsonSchema | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly maxItems?: number | undefined;
}

const formats: Readonly<Record<string, string>> = {
  uuid: 'UUID',
  date: 'day, YYYY-MM-DD',
  'date-time': 'RFC 3339 instant',
  rfc3339: 'RFC 3339 instant',
  kind: 'name',
};

/** What a value of the schema is, in words: `text, at most 500 letters`. */
export function typeText(schema: JsonSchema): string {
  if (schema.$ref !== undefined) return refName(schema.$ref);
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeText).join(' or ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((one) => `\`${JSON.stringify(one)}\``).join(' or ');
  switch (schema.type) {
    case 'string':
      return formats[schema.format ?? ''] ?? `text${lengths(schema)}`;
    case 'integer':
      return `whole number${bounds(schema)}`;
    case 'number':
      return `number${bounds(schema)}`;
    case 'boolean':
      return '`true` or `false`';
    case 'null':
      return '`null`';
    case 'array': {
      const most = schema.maxItems === undefined ? '' : `, at most ${schema.maxItems}`;
      return `list of ${typeText(schema.items ?? {})}${most}`;
    }
    case 'object': {
      const { additionalProperties: more } = schema;
      const values = typeof more === 'object' ? more : Object.values(schema.patternProperties ?? {})[0];
      return values === undefined || values.type === undefined ? 'object' : `object of ${typeText(values)}`;
    }
    case undefined:
    default:
      return 'anything';
  }
}

/** The name in a reference to a schema of the OpenAPI document. */
export function refName(reference: string): string {
  const name = reference.slice(reference.lastIndexOf('/') + 1);
  return `[${name}](#${name.toLowerCase()})`;
}

function lengths({ minLength, maxLength }: JsonSchema): string {
  if (maxLength === undefined) return '';
  return minLength === maxLength ? `, ${maxLength} letters` : `, at most ${maxLength} letters`;
}

/** Bounds that only keep a number inside its column are left out. */
function bounds({ minimum, maximum }: JsonSchema): string {
  const most = maximum === undefined || maximum >= 2 ** 31 - 1 ? '' : ` to ${maximum}`;
  return minimum === undefined ? most : ` from ${minimum}${most}`;
}
