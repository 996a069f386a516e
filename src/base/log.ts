import { inspect } from 'node:util';
import { systemClock, type Clock } from './clock.ts';
import { OctavoError } from './errors.ts';

/** How much is written: a level writes itself and everything after it. */
export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Fields that go beside a message. Errors become their code, message, details and causes. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Says what happens, one line an event. The message is a constant sentence; what varies goes into fields. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger whose every line carries these fields. */
  child(fields: LogFields): Logger;
}

/** What a logger is made of. */
export interface LoggerOptions {
  /** Default `info`. */
  readonly level?: LogLevel;
  /** Takes one line with its line break, e.g. `(line) => process.stderr.write(line)`. */
  readonly write: (line: string) => void;
  /** One JSON object a line, or a line for people. Default `json`. */
  readonly format?: 'json' | 'text';
  /** Colours in `text`. Default false. */
  readonly colours?: boolean;
  readonly clock?: Clock;
}

/** A logger that writes lines. Secrets, and texts in fields named like one, are written as `***`. */
export function createLogger(options: LoggerOptions): Logger {
  const lowest = logLevels.indexOf(options.level ?? 'info');
  const clock = options.clock ?? systemClock;
  const format = options.format === 'text' ? textLine(options.colours ?? false) : jsonLine;
  const make = (inherited: LogFields): Logger => {
    const at =
      (level: LogLevel) =>
      (message: string, fields: LogFields = {}): void => {
        if (logLevels.indexOf(level) < lowest) return;
        const time = new Date(clock.now()).toISOString();
        options.write(format({ time, level, message, fields: { ...inherited, ...fields } }));
      };
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => make({ ...inherited, ...fields }),
    };
  };
  return make({});
}

const nothing = (): void => undefined;

/** Writes nothing. */
export const silentLogger: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silentLogger,
};

/** The same without what is only told: for where people see the work's progress itself. */
export function warningsOf(logger: Logger): Logger {
  return {
    debug: nothing,
    info: nothing,
    warn: (message, fields) => logger.warn(message, fields),
    error: (message, fields) => logger.error(message, fields),
    child: (fields) => warningsOf(logger.child(fields)),
  };
}

interface Line {
  readonly time: string;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

const secretName =
  /password|passwd|secret|authorization|cookie|credential|(?:api|access|private|admin)_?key|token$/i;
const bearer = /\b(Bearer|Basic) [\w.~+/=-]+/g;
const depthMax = 6;
const textLengthMax = 4000;

function jsonLine(line: Line): string {
  const head = { time: line.time, level: line.level, message: hideBearer(line.message) };
  return `${JSON.stringify({ ...head, ...plainFields(line.fields, 0) })}\n`;
}

function textLine(colours: boolean): (line: Line) => string {
  const paint = (code: number, text: string): string => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
  const painted: Readonly<Record<string, number>> = { debug: 90, info: 36, warn: 33, error: 31 };
  return (line) => {
    const fields = Object.entries(plainFields(line.fields, 0)).map(([name, value]) => {
      const shown =
        typeof value === 'string' ? value : inspect(value, { breakLength: Infinity, depth: depthMax });
      return paint(90, `${name}=${/^[^\s=]+$/.test(shown) ? shown : JSON.stringify(shown)}`);
    });
    const level = paint(painted[line.level] ?? 0, line.level.padEnd(5));
    return `${[line.time.slice(11, 23), level, hideBearer(line.message), ...fields].join(' ')}\n`;
  };
}

function plainFields(fields: LogFields, depth: number): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    plain[name] = typeof value === 'string' && secretName.test(name) ? '***' : plainValue(value, depth);
  }
  return plain;
}

function plainValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return hideBearer(value).slice(0, textLengthMax);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= depthMax) return '…';
  if (value instanceof Error) return plainError(value, depth);
  if ('toJSON' in value && typeof value.toJSON === 'function') return value.toJSON() as unknown;
  if (Array.isArray(value)) return value.map((element) => plainValue(element, depth + 1));
  if (value instanceof Uint8Array) return `${value.byteLength} bytes`;
  return plainFields(value as LogFields, depth + 1);
}

function plainError(error: Error, depth: number): Record<string, unknown> {
  const ours = error instanceof OctavoError;
  return {
    ...(ours ? { code: error.code } : { name: error.name }),
    message: hideBearer(error.message),
    ...(ours && Object.keys(error.details).length > 0
      ? { details: plainFields(error.details, depth + 1) }
      : {}),
    ...(isExpected(error) ? {} : { stack: error.stack }),
    ...(error.cause === undefined ? {} : { cause: plainValue(error.cause, depth + 1) }),
  };
}

/** Whether an error comes from outside, and not from a mistake whose place in the code is to be found. */
function isExpected(error: Error): boolean {
  if (error instanceof OctavoError) return error.code !== 'internal';
  // `ECONNREFUSED`, `ENOSPC` and others of the system; fetch has one as its cause.
  if ('code' in error && typeof error.code === 'string') return !error.code.startsWith('ERR_');
  return error.cause instanceof Error && !(error.cause instanceof OctavoError) && isExpected(error.cause);
}

function hideBearer(text: string): string {
  return text.replace(bearer, '$1 ***');
}
