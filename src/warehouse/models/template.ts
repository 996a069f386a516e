import { OctavoError, suggestion } from '../../base/index.ts';

/** SQL text with calls in double braces, taken apart. */
export interface Template {
  readonly file: string;
  readonly parts: readonly TemplatePart[];
}

type TemplatePart = string | Call;

/** `{{ name('argument', …) }}`, or `{{ name }}`. */
interface Call {
  readonly name: string;
  readonly arguments: readonly string[];
  readonly line: number;
}

/** A function that templates call: texts in, SQL out. */
export interface TemplateFunction {
  readonly argumentsMin: number;
  readonly argumentsMax: number;
  readonly render: (...texts: string[]) => string;
}

/** Every function that a template may call, by name. */
export type TemplateFunctions = ReadonlyMap<string, TemplateFunction>;

/** Takes a template apart. There are calls and nothing else: no loops, no conditions. Errors: `model_invalid` with file and line. */
export function parseTemplate(source: {
  readonly text: string;
  readonly file: string;
  /** Lines of the file before the text. */
  readonly lineOffset: number;
}): Template {
  const { text, file, lineOffset } = source;
  const parts: TemplatePart[] = [];
  const lineAt = (index: number): number => lineOffset + text.slice(0, index).split('\n').length;
  const fail = (index: number, about: string): OctavoError =>
    new OctavoError('model_invalid', `${file}:${lineAt(index)}: ${about}`, {
      details: { file, line: lineAt(index) },
    });
  let at = 0;
  for (const match of text.matchAll(/\{\{([\s\S]*?)\}\}|\{%|\}\}|\{\{/g)) {
    if (match[1] === undefined)
      throw fail(match.index, `'${match[0]}' stands alone; only calls like {{ ref('orders') }} are known`);
    parts.push(text.slice(at, match.index));
    const call = /^\s*([a-z_][a-z0-9_]*)\s*(?:\(([\s\S]*)\))?\s*$/i.exec(match[1]);
    if (call?.[1] === undefined)
      throw fail(match.index, `'{{${match[1]}}}' is no call like {{ ref('orders') }}`);
    const given = parseArguments(call[2] ?? '');
    if (given === undefined) throw fail(match.index, `the arguments of '${call[1]}' must be texts in quotes`);
    parts.push({ name: call[1], arguments: given, line: lineAt(match.index) });
    at = match.index + match[0].length;
  }
  parts.push(text.slice(at));
  return { file, parts };
}

/** The tables that a template names with `ref`. */
export function refsOf(template: Template): readonly string[] {
  return template.parts.flatMap((part) =>
    typeof part !== 'string' && part.name === 'ref' && part.arguments[0] !== undefined
      ? [fullName(part.arguments[0])]
      : [],
  );
}

/** The line on which a template first names a table with `ref`. */
export function lineOfRef(template: Template, table: string): number | undefined {
  const found = template.parts.find(
    (part) => typeof part !== 'string' && part.name === 'ref' && fullName(part.arguments[0] ?? '') === table,
  );
  return typeof found === 'object' ? found.line : undefined;
}

/** `model.x` for a name without a namespace. */
export function fullName(name: string): string {
  return name.includes('.') ? name : `model.${name}`;
}

/** The SQL, with every call replaced by what its function gives. Errors: `model_invalid` with file, line and the nearest name. */
export function renderTemplate(template: Template, functions: TemplateFunctions): string {
  return template.parts
    .map((part) =>
      typeof part === 'string' ? part : calledOf(template, part, functions).render(...part.arguments),
    )
    .join('');
}

/** Errors of `renderTemplate`, before there is anything to render with. */
export function checkCalls(template: Template, functions: TemplateFunctions): void {
  for (const part of template.parts) if (typeof part !== 'string') calledOf(template, part, functions);
}

/** The function of a call, whose arguments it takes. */
function calledOf(template: Template, part: Call, functions: TemplateFunctions): TemplateFunction {
  const fail = (about: string): OctavoError =>
    new OctavoError('model_invalid', `${template.file}:${part.line}: ${about}`, {
      details: { file: template.file, line: part.line },
    });
  const called = functions.get(part.name);
  if (called === undefined)
    throw fail(`there is no function '${part.name}'${suggestion(part.name, functions.keys())}`);
  const count = part.arguments.length;
  if (count < called.argumentsMin || count > called.argumentsMax) {
    const range =
      called.argumentsMin === called.argumentsMax
        ? String(called.argumentsMin)
        : `${called.argumentsMin} to ${called.argumentsMax}`;
    throw fail(`'${part.name}' takes ${range} arguments, given are ${count}`);
  }
  return called;
}

function parseArguments(text: string): readonly string[] | undefined {
  if (text.trim() === '') return [];
  const given: string[] = [];
  let rest = text.trim();
  for (;;) {
    const match = /^(?:'((?:[^']|'')*)'|"([^"]*)")\s*/.exec(rest);
    if (match === null) return undefined;
    given.push(match[1]?.replaceAll("''", "'") ?? match[2] ?? '');
    rest = rest.slice(match[0].length);
    if (rest === '') return given;
    if (!rest.startsWith(',')) return undefined;
    rest = rest.slice(1).trim();
  }
}
