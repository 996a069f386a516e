import { OctavoError } from '../../base/index.ts';

/** Constructs that Spark lacks, or that mean something else there, and what to write instead. */
const banned: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/::/, 'cast(x as type)'],
  [/\bunnest\b/i, "{{ each('array', 'alias') }}"],
  [/\btimestamptz\b/i, "{{ instant('x') }}"],
  [/\bregexp_matches\b/i, "{{ matches('text', 'pattern') }}"],
  [/\bjson_extract(?:_string)?\b|->>?/i, "{{ json_text('column', 'field') }}"],
  [/\b(?:isodow|dayofweek|weekday)\b/i, "{{ day_of_week('date') }}"],
  [/\bqualify\b/i, 'a subquery with row_number()'],
  [/\bpivot\b/i, 'sum(case when … then … end)'],
  [/\*\s*(?:exclude|replace)\b/i, 'the names of the columns'],
  [/\/\//, 'floor(a / b)'],
  [/\blog\s*\(/i, 'ln(x) or log10(x)'],
  [/\b(?:arg_max|arg_min)\b/i, 'max_by(x, y) or min_by(x, y)'],
  [/\b(?:strftime|strptime)\b/i, 'a date, formatted where it is shown'],
  [/\b(?:string_agg|list_\w+|quantile_\w+|approx_\w+)\s*\(/i, 'a macro of the project, or `portable: false`'],
  [
    /\b(?:hash|random|uuid|now)\s*\(|\bcurrent_(?:date|timestamp)\b/i,
    'something that is the same at every run',
  ],
];

/**
 * Refuses SQL that would not run, or would mean something else, on the other engine. Texts, quoted names and
 * comments are passed over. Errors: `model_invalid`, with file and line and what to write instead.
 */
export function assertPortable(source: {
  readonly text: string;
  readonly file: string;
  /** Lines of the file before the text. */
  readonly lineOffset: number;
}): void {
  const bare = source.text.replaceAll(
    /'(?:[^']|'')*'|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\/|\{\{[\s\S]*?\}\}/g,
    (passed) => passed.replaceAll(/[^\n]/g, ' '),
  );
  for (const [pattern, instead] of banned) {
    const found = pattern.exec(bare);
    if (found === null) continue;
    const line = source.lineOffset + bare.slice(0, found.index).split('\n').length;
    throw new OctavoError(
      'model_invalid',
      `${source.file}:${line}: '${found[0].trim()}' is not the same on every engine; write ${instead}, or set portable: false`,
      { details: { file: source.file, line } },
    );
  }
}
