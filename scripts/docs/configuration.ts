import { allowed, configSchema, variableOf } from '../../src/base/index.ts';

interface Node {
  readonly type?: string;
  readonly const?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly secret?: boolean;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly patternProperties?: Readonly<Record<string, Node>>;
  readonly anyOf?: readonly Node[];
}

/** The page of every key of `octavo.config.ts`. */
export function renderConfiguration(): string {
  return [
    '# Configuration',
    '',
    'A project is configured by `octavo.config.ts`. Every key has a default.',
    'The environment variable wins over the file.',
    "A secret is written as `{ env: 'NAME' }`, the name of the variable that holds it; it is never printed.",
    '',
    '```ts',
    "import { defineConfig } from 'octavo';",
    '',
    "export default defineConfig({ name: 'bookstore', http: { port: 8085 } });",
    '```',
    '',
    '| key | default | may be | environment variable | what it is |',
    '|---|---|---|---|---|',
    ...rows(configSchema, []),
    '',
  ].join('\n');
}

function rows(node: Node, path: readonly string[]): readonly string[] {
  if (node.properties !== undefined) {
    return Object.entries(node.properties).flatMap(([key, child]) => rows(child, [...path, key]));
  }
  if (node.anyOf !== undefined)
    return node.anyOf.flatMap((member) =>
      rows(member, [...path.slice(0, -1), `${path.at(-1)} (${member.properties?.['type']?.const ?? ''})`]),
    );
  if (node.patternProperties !== undefined) {
    const own = row(node, path, 'an object by name');
    const inner = Object.values(node.patternProperties).flatMap((child) =>
      (child.properties ?? child.anyOf) === undefined ? [] : rows(child, [...path, '<name>']),
    );
    return [own, ...inner];
  }
  if (node.const !== undefined) return [row(node, path, `'${node.const}'`)];
  return [row(node, path, node.secret === true ? "{ env: 'NAME' }" : allowed(node as typeof configSchema))];
}

function row(node: Node, path: readonly string[], mayBe: string): string {
  const fallback = node.default === undefined ? '' : `\`${JSON.stringify(node.default)}\``;
  const variable =
    path[0] === 'sources' || path[0] === 'channels' || node.patternProperties !== undefined
      ? ''
      : `\`${variableOf(path)}\``;
  const description = (node.description ?? '').replaceAll('|', '\\|');
  return `| \`${path.join('.')}\` | ${fallback} | ${mayBe} | ${variable} | ${description} |`;
}
