import { OctavoError } from '../base/index.ts';

/**
 * Checks that a list's filter is one condition over a line's columns: no other statement, query,
 * comment or parameter, and every quote and bracket closed. Types are the engine's to check.
 * Errors: `list_invalid`.
 */
export function assertFilter(filter: string, file: string): void {
  const fail = (about: string): never => {
    throw new OctavoError('list_invalid', `${file}: 'filter' ${about}: ${filter}`);
  };
  let depth = 0;
  for (const [token] of filter.matchAll(tokens)) {
    if (token === '(') depth++;
    if (token === ')' && --depth < 0) fail('closes a bracket that is not open');
    if (token === "'" || token === '"') fail('has a quote that is not closed');
    if (/^(;|--|\/\*|\$|\?)$/.test(token)) fail(`may not contain '${token}'`);
    if (queryWords.has(token.toLowerCase()))
      fail(`may not contain '${token}': it is a condition, not a query`);
  }
  if (depth !== 0) fail('has a bracket that is not closed');
  if (filter.trim() === '') fail('is empty');
}

const tokens = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--|\/\*|[A-Za-z_]\w*|\S/g;
const queryWords = new Set(
  'select from with insert update delete create drop alter attach copy pragma install load set call'.split(
    ' ',
  ),
);
