import type { Engine } from '../engine-port.ts';

/** What is spelled differently from engine to engine; each gives SQL that means the same. */
export interface Dialect {
  /** An instant out of a text or another instant. */
  instant(expression: string): string;
  instantLiteral(instantMs: number): string;
  /** The wall-clock time of an instant in a zone. */
  wallClock(timeZone: string, instant: string): string;
  /** A field of a JSON text, as text. */
  jsonText(column: string, field: string): string;
  /** 1 for Monday to 7 for Sunday. */
  dayOfWeek(date: string): string;
  /** A join that gives a row for each element of an array, as `alias.item`. */
  each(array: string, alias: string): string;
  /** Whether a part of the text matches the regular expression. */
  matches(text: string, pattern: string): string;
}

const utc = (instantMs: number): string =>
  new Date(instantMs).toISOString().replace('T', ' ').replace('Z', '+00:00');
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The dialects, by engine. Sessions of both run in UTC. */
export const dialects: Readonly<Record<Engine['dialect'], Dialect>> = {
  duckdb: {
    instant: (expression) => `cast(${expression} as timestamptz)`,
    instantLiteral: (instantMs) => `timestamptz '${utc(instantMs)}'`,
    wallClock: (timeZone, instant) => `timezone('${timeZone}', ${instant})`,
    jsonText: (column, field) => `json_extract_string(${column}, '$.${field}')`,
    dayOfWeek: (date) => `isodow(${date})`,
    each: (array, alias) => `cross join unnest(${array}) as ${alias}(item)`,
    matches: (text, pattern) => `regexp_matches(${text}, ${quoted(pattern)})`,
  },
  spark: {
    instant: (expression) => `cast(${expression} as timestamp)`,
    instantLiteral: (instantMs) => `timestamp '${utc(instantMs)}'`,
    wallClock: (timeZone, instant) => `from_utc_timestamp(${instant}, '${timeZone}')`,
    jsonText: (column, field) => `get_json_object(${column}, '$.${field}')`,
    dayOfWeek: (date) => `(weekday(${date}) + 1)`,
    each: (array, alias) => `lateral view explode(${array}) ${alias} as item`,
    matches: (text, pattern) => `(${text} rlike r${quoted(pattern)})`,
  },
};
