import { OctavoError } from '../../../base/index.ts';
import { connectionIp, type ClientRule } from './client-ip.ts';
import { unescapeJson, unescapeLog } from './escapes.ts';
import { fieldOfName, sourcesOf, type DeclaredFields } from './field-sources.ts';
import { fieldNames, requestOf, type FieldName } from './fields.ts';
import { fitColumns } from './fit-columns.ts';
import { readLogFormat, type Escape } from './log-format.ts';
import { lineFailure, type LineParser } from './log-request.ts';
import type { TimeParser } from './log-time.ts';
import type { Column } from './value-bounds.ts';
import { formOf } from './variables.ts';

/** nginx's own `combined`; Apache's is the same with another name for the second column. */
export const combinedPattern =
  '$remote_addr $ident $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';
/** The common log format. */
export const commonPattern =
  '$remote_addr $ident $remote_user [$time_local] "$request" $status $body_bytes_sent';
/** What AWS load balancers write; what follows is left out. */
export const loadBalancerPattern =
  '$type $time_iso8601 $elb $client $upstream_addr $request_processing_time $target_processing_time $response_processing_time ' +
  '$status $upstream_status $request_length $bytes_sent "$request" "$http_user_agent"';

/** How lines are read by a pattern. */
export interface PatternOptions {
  /** For errors. */
  readonly format: string;
  /** Reads the time; by the name of the variable that it is in. */
  readonly time: (variable: string) => TimeParser;
  /** Variables beyond the known ones that are kept, as properties. */
  readonly keep?: readonly string[];
  /** Names of variables by field, where they are not the usual ones. */
  readonly fields?: DeclaredFields;
  readonly client?: ClientRule;
  /** Whether lines without a request become events too. */
  readonly anyLine?: boolean;
}

/**
 * Reads lines by a pattern as nginx's `log_format` has it: text and `$variables`, alone or as it stands in nginx.conf. Reading takes
 * time in proportion to the line. Errors: `ship_config_invalid`.
 */
export function patternLine(pattern: string, options: PatternOptions): LineParser {
  const { format, keep = [], client = connectionIp } = options;
  const { text: written, escape } = readLogFormat(pattern);
  const { head, columns } = compile(written);
  const places = placesOf(columns, options.fields ?? {});
  const [timeAt] = places.time;
  if (timeAt === undefined)
    throw new OctavoError('ship_config_invalid', `the pattern '${written}' has no time`);
  if (client.proxies !== undefined && places.forwarded_for.length + places.forwarded.length === 0)
    throw new OctavoError(
      'ship_config_invalid',
      "trusted_proxies are given, but the lines have no $http_x_forwarded_for; add it to the server's log_format and to 'pattern'",
    );
  const time = options.time(columns[timeAt]?.name ?? '');
  const asked = places.request.length + places.target.length > 0;
  if (!asked && options.anyLine !== true)
    throw new OctavoError(
      'ship_config_invalid',
      `the pattern '${written}' has no request, such as $request or $request_uri; set 'kind' to keep its lines as events`,
    );
  const kept = columns.flatMap(({ name }, index) => (keep.includes(name) ? [{ name, index }] : []));
  const values: (string | undefined)[] = Array.from({ length: columns.length });
  const ends: number[] = columns.map(() => 0);
  const how = { columns, escaping: { quotes: escape !== 'none' }, ends };
  const text = (field: FieldName): string | undefined => {
    if (field === 'time') return values[timeAt];
    const indexes = places[field];
    for (let at = 0; at < indexes.length; at++) {
      const value = values[indexes[at] ?? 0];
      if (value !== undefined) return value;
    }
    return undefined;
  };
  return (line) => {
    if (!line.startsWith(head)) return lineFailure(format, `the line does not begin with '${head}'`);
    const misfit = fitColumns(line, head.length, how);
    if (misfit !== undefined)
      return lineFailure(format, `after column ${misfit.column + 1} ${misfit.reason}`);
    const unescape = line.includes('\\') ? unescapes[escape] : asItIs;
    let at = head.length;
    for (let index = 0; index < columns.length; index++) {
      const end = ends[index] ?? 0;
      values[index] = isNone(line, at, end) ? undefined : unescape(line.slice(at, end));
      at = end + (columns[index]?.until.length ?? 0);
    }
    const extra =
      kept.length === 0
        ? undefined
        : Object.fromEntries(kept.map(({ name, index }) => [name, values[index]]));
    return requestOf(format, text, { time, client, asked, extra });
  };
}

function asItIs(text: string): string {
  return text;
}

const unescapes: Readonly<Record<Escape, (text: string) => string>> = {
  default: unescapeLog,
  json: unescapeJson,
  none: asItIs,
};

function isNone(line: string, from: number, end: number): boolean {
  return end === from || (end - from === 1 && line.charCodeAt(from) === dash);
}

const dash = 45;

function compile(pattern: string): { readonly head: string; readonly columns: readonly Column[] } {
  const found = [...pattern.matchAll(/\$(?:\{(\w+)\}|(\w+))/g)];
  const [first] = found;
  if (first === undefined)
    throw new OctavoError('ship_config_invalid', `the pattern '${pattern}' has no $variables`);
  const columns = found.map((match, index): Column => {
    const name = match[1] ?? match[2] ?? '';
    const start = match.index + match[0].length;
    const until = pattern.slice(start, found[index + 1]?.index ?? pattern.length);
    if (until === '' && index < found.length - 1)
      throw new OctavoError('ship_config_invalid', `nothing stands between $${name} and the next variable`);
    const quoted = pattern[match.index - 1] === '"' && until.startsWith('"');
    return { name, until, quoted, form: quoted ? 'free' : formOf(name) };
  });
  return { head: pattern.slice(0, first.index), columns };
}

type Places = Readonly<Record<FieldName, readonly number[]>>;

/** The columns that hold each field, the best first: what is declared, then those with a usual name. */
function placesOf(columns: readonly Column[], declared: DeclaredFields): Places {
  const sources = sourcesOf(declared);
  const names = columns.map(({ name }) => name);
  const absent = Object.entries(declared).find(([, name]) => !names.includes(name));
  if (absent !== undefined)
    throw new OctavoError(
      'ship_config_invalid',
      `the pattern has no $${absent[1]} for the field '${absent[0]}'`,
    );
  const taken = new Set(Object.values(declared));
  // Where a server has sent a request to is no matter of who asked.
  const inner = names.includes('request') || names.includes('request_uri') ? ['uri', 'document_uri'] : [];
  const placesBy = fieldNames.map((field): [FieldName, readonly number[]] => {
    const wanted = sources[field];
    const places = names.flatMap((name, index) => {
      if (!wanted.includes(name) || inner.includes(name)) return [];
      const isDeclared = wanted[0] === name && taken.has(name);
      return isDeclared || (!taken.has(name) && fieldOfName(name) === field) ? [index] : [];
    });
    return [
      field,
      places.toSorted((a, b) => wanted.indexOf(names[a] ?? '') - wanted.indexOf(names[b] ?? '')),
    ];
  });
  return Object.fromEntries(placesBy) as Places;
}
