import { scopes } from '../../src/api/index.ts';
import { code, table } from './markdown.ts';
import { openApiDocument, type Operation } from './openapi.ts';
import { typeText, type JsonSchema } from './schema-text.ts';

/** The page of every route, from the OpenAPI document. */
export async function renderApi(): Promise<string> {
  const { info, tags, paths, components } = await openApiDocument();
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      title: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  );
  const names = new Set(tags.map(({ name }) => name));
  const lost = operations.filter(({ operation }) => !operation.tags.some((tag) => names.has(tag)));
  if (lost.length > 0) throw new Error(`no section for ${lost.map(({ title }) => title).join(', ')}`);
  const groups = tags.flatMap(({ name, description }) => [
    '',
    `## ${name}`,
    '',
    `${description}.`,
    ...operations
      .filter(({ operation }) => operation.tags.includes(name))
      .flatMap(({ title, operation }) => operationLines(title, operation)),
  ]);
  return [
    '# API',
    '',
    info.description,
    '',
    'The same as a document for machines: [openapi.json](openapi.json), at `/openapi.json` of a running platform;',
    '`/docs` shows it in the browser. How to use it: [guide](../guides/api.md).',
    '',
    ...table(
      ['route', 'scope', 'what it does'],
      operations.map(({ title, operation }) => [code(title), scopeOf(operation), operation.summary]),
    ),
    '',
    `Scopes of a key: ${scopes.map(code).join(', ')}. \`tables:read\` and \`tables:write\` are for the Iceberg REST`,
    'catalogue under `/iceberg`, whose routes are those of its own specification. `/metrics` is the Prometheus page;',
    'it needs no key.',
    '',
    'Beside the codes that a route names, any may answer 404 `route_not_found`, 413 `body_too_large`, 500 `internal`',
    'and 503 `storage_failed`. What each code means and what to do: [errors](errors.md).',
    ...groups,
    '',
    '## Schemas',
    ...Object.entries(components.schemas).flatMap(([name, schema]) => schemaLines(name, schema)),
    '',
  ].join('\n');
}

function operationLines(title: string, operation: Operation): readonly string[] {
  const parameters = (operation.parameters ?? []).toSorted((a, b) => a.in.localeCompare(b.in));
  const body = operation.requestBody;
  return [
    '',
    `### ${title}`,
    '',
    `${operation.summary}. Scope: ${scopeOf(operation)}.`,
    ...(parameters.length === 0
      ? []
      : [
          '',
          ...table(
            ['parameter', 'in', 'type', 'default', 'meaning'],
            parameters.map(({ name, in: where, required, description, schema }) => [
              code(name),
              where,
              `${typeText(schema)}${required === true ? ', required' : ''}`,
              schema.default === undefined ? '' : code(JSON.stringify(schema.default)),
              description ?? '',
            ]),
          ),
        ]),
    ...(body === undefined ? [] : ['', `Body: ${mediaText(body.content)}; ${body.description ?? ''}.`]),
    '',
    ...table(
      ['status', 'answer', 'when'],
      Object.entries(operation.responses).map(([status, { description, content }]) => [
        status,
        mediaText(content),
        description,
      ]),
    ),
  ];
}

function schemaLines(name: string, schema: JsonSchema): readonly string[] {
  const rows = Object.entries(schema.properties ?? {}).map(([field, inner]) => [
    code(field),
    typeText(inner),
    schema.required?.includes(field) === true ? 'yes' : '',
    inner.description ?? inner.items?.description ?? '',
  ]);
  const more = schema.additionalProperties === true ? ['', 'Further fields may be there.'] : [];
  const about = schema.description === undefined ? [] : ['', `${capital(schema.description)}.`];
  return ['', `### ${name}`, ...about, '', ...table(['field', 'type', 'always', 'meaning'], rows), ...more];
}

function scopeOf({ security }: Operation): string {
  const granted = (security ?? []).flatMap(({ key }) => key);
  return granted.length === 0 ? 'none' : granted.map(code).join(', ');
}

function mediaText(content: Operation['responses'][string]['content']): string {
  return Object.values(content ?? {})
    .map(({ schema }) => typeText(schema))
    .join(' or ');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
