import { OctavoError } from '../../base/index.ts';
import type { InputConfig } from './config.ts';
import { CombinedEvents } from './event/combined-events.ts';
import { plainSite } from './event/combined-writer.ts';
import { createDrops, dropPresets } from './event/drops.ts';
import { expand, globMatch } from './event/glob.ts';
import type { EventRules } from './event/line-event.ts';
import { bookstoreRoutes, createRouter } from './event/routes.ts';
import type { SplitRules } from './file/split-lines.ts';
import { fieldNames, type FieldName } from './line/fields.ts';
import type { LineParser } from './line/log-request.ts';
import { clfTime, epochTime, isoTime, patternTime, type TimeParser } from './line/log-time.ts';
import { combinedPattern, commonPattern, patternLine } from './line/pattern-line.ts';
import { compileExpression, expressionLine, jsonLine, logfmtLine } from './line/record-line.ts';
import { placed } from './placed.ts';

/** One input, ready to be used. */
export interface Input {
  readonly files: readonly string[];
  readonly exclude: readonly string[];
  readonly split: SplitRules;
  readonly parse: LineParser;
  readonly rules: EventRules;
  /** The short way of plain lines of the common formats; undefined when the input's are others. */
  readonly combined: CombinedEvents | undefined;
  /** A record without a successor is whole after so long; undefined when every line is a record. */
  readonly timeoutMs: number | undefined;
}

/** Checks an input and compiles its expressions. Errors: `ship_config_invalid`. */
export function compileInput(config: InputConfig, wholeIp: boolean): Input {
  const api = config.api === undefined ? ['/api/*', '/v{1,2,3,4}/*'] : [config.api].flat();
  const matches = api.map(globMatch);
  const drops = (config.drop ?? []).flatMap((rule) =>
    typeof rule === 'string' ? (dropPresets[rule] ?? []) : [rule],
  );
  const rules: EventRules = {
    router: createRouter(config.routes ?? bookstoreRoutes),
    drop: createDrops(drops),
    drops: drops.length > 0,
    site: config.site?.replace(/\/$/, ''),
    app: config.app,
    isApi: (path) => matches.some((match) => match(path)),
    mayBeApi: firstPartMatch(api.flatMap(expand)),
    kind: config.kind,
    wholeIp,
  };
  return {
    files: [config.files].flat(),
    exclude: config.exclude === undefined ? [] : [config.exclude].flat(),
    split: splitRules(config),
    parse: parserOf(config),
    timeoutMs: config.multiline === undefined ? undefined : config.multiline.timeout_seconds * 1000,
    rules,
    combined: combinedEvents(config, rules),
  };
}

function combinedEvents(config: InputConfig, rules: EventRules): CombinedEvents | undefined {
  const { format, keep = [] } = config;
  if ((format !== 'combined' && format !== 'common') || keep.length > 0) return undefined;
  if (plainSite(rules.site) === undefined) return undefined;
  return new CombinedEvents(rules, { combined: format === 'combined', time: timeOf(config, 'clf') });
}

/** Whether a path with this first part may match one of the patterns. */
function firstPartMatch(patterns: readonly string[]): (first: string) => boolean {
  const firsts = patterns.map((pattern) => /^\/([^/*]+)\/\*$/.exec(pattern)?.[1]);
  return (first) => firsts.some((one) => one === undefined || one === first);
}

function splitRules(config: InputConfig): SplitRules {
  const { multiline, encoding, line_bytes: recordBytesMax } = config;
  return {
    recordBytesMax,
    linesMax: multiline?.lines ?? 1,
    decode: placed('encoding', () => decoderOf(encoding)),
    begins: multiline === undefined ? undefined : placed('multiline', () => beginOf(multiline)),
  };
}

function decoderOf(encoding: string): (bytes: Uint8Array) => string {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(encoding);
  } catch (cause) {
    throw new OctavoError('ship_config_invalid', `the encoding '${encoding}' is not known`, { cause });
  }
  if (decoder.encoding.startsWith('utf-16'))
    throw new OctavoError(
      'ship_config_invalid',
      'a log in UTF-16 cannot be read line by line; write it in UTF-8',
    );
  return (bytes) => decoder.decode(bytes);
}

function beginOf({ begins, continues }: NonNullable<InputConfig['multiline']>): (line: string) => boolean {
  if ((begins === undefined) === (continues === undefined))
    throw new OctavoError('ship_config_invalid', "'multiline' needs either begins or continues");
  const [name, text] = begins === undefined ? ['continues', continues ?? ''] : ['begins', begins];
  const expression = placed(name, () => compileExpression(text));
  return (line) => expression.matcher(line).find() === (begins !== undefined);
}

function parserOf(config: InputConfig): LineParser {
  const { format, pattern, keep = [] } = config;
  const fields = placed('fields', () => fieldsOf(config.fields ?? {}));
  switch (format) {
    case 'combined':
      return patternLine(combinedPattern, { format, time: timeOf(config, 'clf'), keep });
    case 'common':
      return patternLine(commonPattern, { format, time: timeOf(config, 'clf'), keep });
    case 'nginx': {
      const given = required(pattern, format);
      const usual = given.includes('$time_iso8601') ? 'iso' : given.includes('$msec') ? 'epoch' : 'clf';
      const time = timeOf(config, usual);
      return placed('pattern', () => patternLine(given, { format, time, keep, fields }));
    }
    case 'json':
      return jsonLine({ time: timeOf(config, 'any'), fields, keep });
    case 'logfmt':
      return logfmtLine({ time: timeOf(config, 'any'), fields, keep });
    case 'regex': {
      const given = required(pattern, format);
      const time = timeOf(config, 'any');
      return placed('pattern', () => expressionLine(given, { time, fields, keep }));
    }
  }
}

function required(pattern: string | undefined, format: string): string {
  if (pattern === undefined)
    throw new OctavoError('ship_config_invalid', `the format ${format} needs a 'pattern'`);
  return pattern;
}

function fieldsOf(fields: Readonly<Record<string, string>>): Readonly<Partial<Record<FieldName, string>>> {
  const unknown = Object.keys(fields).find((name) => !(fieldNames as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw new OctavoError(
      'ship_config_invalid',
      `'${unknown}' is no field; there are ${fieldNames.join(', ')}`,
    );
  return fields;
}

function timeOf({ time, timezone }: InputConfig, usual: 'clf' | 'iso' | 'epoch' | 'any'): TimeParser {
  placed('timezone', () => {
    try {
      Temporal.Now.zonedDateTimeISO(timezone);
    } catch (cause) {
      throw new OctavoError('ship_config_invalid', `the time zone '${timezone}' is not known`, { cause });
    }
  });
  const form = time ?? usual;
  if (form === 'clf') return clfTime();
  if (form === 'iso') return isoTime(timezone);
  if (form === 'epoch') return epochTime;
  if (form !== 'any') return placed('time', () => patternTime(form, timezone));
  const parsers = [isoTime(timezone), clfTime(), epochTime];
  return (text) => {
    for (const parse of parsers) {
      const read = parse(text);
      if (read !== undefined) return read;
    }
    return undefined;
  };
}
