import { OctavoError } from '../../../base/index.ts';
import { unescapeLog } from './escapes.ts';
import { fieldOfName, requestOf, type FieldName } from './fields.ts';
import { lineFailure, type LineParser } from './log-request.ts';
import type { TimeParser } from './log-time.ts';

/** nginx's own `combined`; Apache's is the same with another name for the second column. */
export const combinedPattern =
  '$remote_addr $ident $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';
/** The common log format. */
export const commonPattern =
  '$remote_addr $ident $remote_user [$time_local] "$request" $status $body_bytes_sent';

interface Part {
  readonly name: string;
  readonly field: FieldName | undefined;
  /** The text that ends the value; '' at the end of the line. */
  readonly until: string;
  /** In quotes: a quote after a backslash does not end it. */
  readonly quoted: boolean;
}

/**
 * Reads lines by a pattern as nginx's `log_format` has it: text and `$variables`. A value reaches to the text that follows it,
 * so reading takes one pass. Errors: `ship_config_invalid`.
 */
export function patternLine(
  pattern: string,
  options: {
    /** For errors. */
    readonly format: string;
    readonly time: TimeParser;
    /** Variables beyond the known ones that are kept, as properties. */
    readonly keep?: readonly string[];
    /** Names of variables by field, where they are not the usual ones. */
    readonly fields?: Readonly<Partial<Record<FieldName, string>>>;
  },
): LineParser {
  const { format, time, keep = [], fields = {} } = options;
  const { head, parts } = compile(pattern, fields);
  const order = new Map(parts.map((part, index) => [part.field, index]));
  if (!order.has('time'))
    throw new OctavoError('ship_config_invalid', `the pattern '${pattern}' has no time`);
  const kept = parts.flatMap((part, index) => (keep.includes(part.name) ? [{ name: part.name, index }] : []));
  const values: (string | undefined)[] = Array.from({ length: parts.length });
  const text = (field: FieldName): string | undefined => {
    const index = order.get(field);
    return index === undefined ? undefined : values[index];
  };
  return (line) => {
    if (!line.startsWith(head)) return lineFailure(format, `the line does not begin with '${head}'`);
    const escaped = line.includes('\\');
    let at = head.length;
    for (let index = 0; index < parts.length; index++) {
      const part = parts[index];
      if (part === undefined) break;
      const end = endOf(line, at, part, escaped);
      if (end < 0)
        return lineFailure(format, `after column ${at + 1} '${part.until}' is missing for $${part.name}`);
      const value = end - at === 1 && line.charCodeAt(at) === dash ? '' : line.slice(at, end);
      values[index] = value === '' ? undefined : escaped ? unescapeLog(value) : value;
      at = end + part.until.length;
    }
    const extra =
      kept.length === 0
        ? undefined
        : Object.fromEntries(kept.map(({ name, index }) => [name, values[index]]));
    return requestOf(format, text, { time, extra });
  };
}

const dash = 45;
const backslash = 92;

function endOf(line: string, from: number, { until, quoted }: Part, escaped: boolean): number {
  if (until === '') return line.length;
  let end = line.indexOf(until, from);
  if (!quoted || !escaped) return end;
  while (end > from && slashesBefore(line, end, from) % 2 === 1) end = line.indexOf(until, end + 1);
  return end;
}

function slashesBefore(line: string, end: number, from: number): number {
  let at = end - 1;
  while (at >= from && line.charCodeAt(at) === backslash) at--;
  return end - 1 - at;
}

function compile(
  pattern: string,
  fields: Readonly<Partial<Record<FieldName, string>>>,
): { readonly head: string; readonly parts: readonly Part[] } {
  const found = [...pattern.matchAll(/\$(?:\{(\w+)\}|(\w+))/g)];
  const [first] = found;
  if (first === undefined)
    throw new OctavoError('ship_config_invalid', `the pattern '${pattern}' has no $variables`);
  const declared = new Map(Object.entries(fields).map(([field, name]) => [name, field as FieldName]));
  const taken = new Set<FieldName>(declared.values());
  const parts = found.map((match, index): Part => {
    const name = match[1] ?? match[2] ?? '';
    const start = match.index + match[0].length;
    const until = pattern.slice(start, found[index + 1]?.index ?? pattern.length);
    if (until === '' && index < found.length - 1)
      throw new OctavoError('ship_config_invalid', `nothing stands between $${name} and the next variable`);
    const usual = declared.size === 0 || !declared.has(name) ? fieldOfName(name) : undefined;
    const field = declared.get(name) ?? (usual !== undefined && !taken.has(usual) ? usual : undefined);
    if (field !== undefined) taken.add(field);
    return { name, field, until, quoted: pattern[match.index - 1] === '"' && until.startsWith('"') };
  });
  return { head: pattern.slice(0, first.index), parts };
}
