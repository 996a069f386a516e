import { OctavoError } from '../../base/index.ts';
import { isProxyEntry, proxyList } from '../../event/index.ts';
import type { InputConfig } from './config.ts';
import { CombinedEvents } from './event/combined-events.ts';
import { plainSite } from './event/combined-writer.ts';
import { createDrops, dropPresets } from './event/drops.ts';
import { expand, globMatch } from './event/glob.ts';
import type { EventRules } from './event/line-event.ts';
import { bookstoreRoutes, createRouter } from './event/routes.ts';
import type { SplitRules } from './file/split-lines.ts';
import type { ClientRule } from './line/client-ip.ts';
import { believesProxies, type DeclaredFields } from './line/field-sources.ts';
import { fieldNames } from './line/fields.ts';
import type { LineParser } from './line/log-request.ts';
import { anyTime, clfTime, epochTime, isoTime, patternTime, type TimeParser } from './line/log-time.ts';
import { combinedPattern, commonPattern, loadBalancerPattern, patternLine } from './line/pattern-line.ts';
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
  const { format, keep = [], fields = {} } = config;
  if (Object.keys(fields).length > 0) return undefined;
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
  const client = placed('trusted_proxies', () => clientRule(config));
  const anyTimeOf = timeOf(config, 'any');
  const timeBy = (variable: string): TimeParser => timeOf(config, variableTimes[variable] ?? 'any');
  const byPattern = { format, time: timeBy, keep, anyLine: config.kind !== undefined };
  // What a pattern of ours lacks is told where it is asked for.
  const own = (text: string): LineParser =>
    placed(client.proxies === undefined ? 'fields' : 'trusted_proxies', () =>
      patternLine(text, { ...byPattern, fields, client }),
    );
  switch (format) {
    case 'combined':
      return withHosts(own, combinedPattern);
    case 'common':
      return withHosts(own, commonPattern);
    case 'alb':
      return own(loadBalancerPattern);
    case 'nginx': {
      const given = required(pattern, format);
      return placed('pattern', () => patternLine(given, { ...byPattern, fields, client }));
    }
    case 'json':
      return jsonLine({ time: anyTimeOf, fields, keep, client });
    case 'logfmt':
      return logfmtLine({ time: anyTimeOf, fields, keep, client });
    case 'regex': {
      const given = required(pattern, format);
      return placed('pattern', () => expressionLine(given, { time: anyTimeOf, fields, keep, client }));
    }
  }
}

/** Also lines with the host and its port before them: Apache's `vhost_combined`. */
function withHosts(own: (pattern: string) => LineParser, pattern: string): LineParser {
  const [plain, hosted] = [own(pattern), own(`$host:$server_port ${pattern}`)];
  return (line) => (hostAndPort.test(line) ? hosted(line) : plain(line));
}

/** No address: one of version 6 has letters or another colon after the first. */
const hostAndPort = /^[\w.-]+:\d{1,5} /;

/** How the times in variables of nginx are written. */
const variableTimes: Readonly<Record<string, TimeForm>> = {
  time_local: 'clf',
  time_iso8601: 'iso',
  msec: 'epoch',
};

function clientRule({ trusted_proxies: given = [], fields = {} }: InputConfig): ClientRule {
  const entries = [given].flat();
  const wrong = entries.find((entry) => !isProxyEntry(entry));
  if (wrong !== undefined)
    throw new OctavoError(
      'ship_config_invalid',
      `'${wrong}' is no address, no network such as 10.0.0.0/8, and neither loopback nor private`,
    );
  return {
    proxies: entries.length === 0 ? undefined : proxyList(entries),
    believed: believesProxies(fields),
  };
}

function required(pattern: string | undefined, format: string): string {
  if (pattern === undefined)
    throw new OctavoError('ship_config_invalid', `the format ${format} needs a 'pattern'`);
  return pattern;
}

function fieldsOf(fields: Readonly<Record<string, string>>): DeclaredFields {
  const unknown = Object.keys(fields).find((name) => !(fieldNames as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw new OctavoError(
      'ship_config_invalid',
      `'${unknown}' is no field; there are ${fieldNames.join(', ')}`,
    );
  return fields;
}

type TimeForm = 'clf' | 'iso' | 'epoch' | 'any';

function timeOf({ time, timezone }: InputConfig, usual: TimeForm): TimeParser {
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
  return form === 'any' ? anyTime(timezone) : placed('time', () => patternTime(form, timezone));
}
