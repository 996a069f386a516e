type Node = Readonly<Record<string, unknown>>;

/** What a statement says of a parameter: the type that it is cast to or stands beside, or the column that it is compared with. */
export interface ParameterUse {
  readonly name: string;
  /** The engine's name of a type, such as `DATE`. */
  readonly type?: string;
  readonly column?: string;
}

type Hint = Omit<ParameterUse, 'name'>;
const nothing: Hint = {};

/** The parameters of a parsed statement, in the order in which they are first named. */
export function parametersIn(statements: unknown): readonly ParameterUse[] {
  const found = new Map<string, Hint>();
  const visit = (value: unknown, hint: Hint): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item, nothing);
      return;
    }
    if (value === null || typeof value !== 'object') return;
    const node = value as Node;
    if (node['class'] === 'PARAMETER') {
      const name = String(node['identifier']);
      const known = found.get(name) ?? nothing;
      if (Object.keys(known).length === 0) found.set(name, hint);
      return;
    }
    // What stands behind a SELECT comes first in the tree.
    const { modifiers, ...parts } = node;
    for (const [name, inner] of Object.entries({ ...parts, modifiers })) {
      if (node['class'] === 'OPERATOR' && name === 'children' && Array.isArray(inner)) {
        for (const [place, item] of inner.entries()) visit(item, hintOf(inner[place === 0 ? 1 : 0]));
      } else visit(inner, hintFor(node, name));
    }
  };
  visit(statements, nothing);
  return [...found].map(([name, hint]) => ({ name, ...hint }));
}

/** What a part of a node is held against. */
function hintFor(node: Node, part: string): Hint {
  switch (node['class'] ?? node['type']) {
    case 'CAST':
      return part === 'child' ? typeHint(node['cast_type']) : nothing;
    case 'COMPARISON':
      return part === 'left' ? hintOf(node['right']) : part === 'right' ? hintOf(node['left']) : nothing;
    case 'BETWEEN':
      return hintOf(part === 'input' ? node['lower'] : node['input']);
    case 'LIMIT_MODIFIER':
      return { type: 'BIGINT' };
    default:
      return nothing;
  }
}

function hintOf(value: unknown): Hint {
  const node = (value ?? {}) as Node;
  if (node['class'] === 'COLUMN_REF') return { column: String((node['column_names'] as string[]).at(-1)) };
  if (node['class'] === 'CAST') return typeHint(node['cast_type']);
  if (node['class'] === 'CONSTANT') return typeHint((node['value'] as Node | undefined)?.['type']);
  return nothing;
}

function typeHint(type: unknown): Hint {
  const id = (type as Node | null | undefined)?.['id'];
  return typeof id === 'string' ? { type: id } : nothing;
}
