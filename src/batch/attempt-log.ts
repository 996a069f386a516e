import { type Clock, type LogFields, type Logger } from '../base/index.ts';

/** A logger that also keeps the last lines for the attempt's record. */
export interface AttemptLog {
  readonly log: Logger;
  /** A line for the record alone. */
  note(level: 'info' | 'error', message: string, fields?: LogFields): void;
  /** The lines kept, oldest first; the first says how many were dropped, if any. */
  lines(): readonly string[];
  /** Grows with every line. */
  count(): number;
}

/** Lines kept of an attempt. */
const linesMax = 200;
/** Characters kept of a line. */
const lineLengthMax = 1_000;

/**
 * Lines begin with their instant and level.
 *
 * @param parent - where the lines go, too, with the attempt's fields
 */
export function createAttemptLog(parent: Logger, clock: Clock): AttemptLog {
  const kept: string[] = [];
  let dropped = 0;
  const keep = (level: string, message: string, fields: LogFields): void => {
    const extra = Object.keys(fields).length === 0 ? '' : ` ${JSON.stringify(fields, plain)}`;
    const at = new Date(clock.now()).toISOString();
    kept.push(`${at} ${level} ${message}${extra}`.slice(0, lineLengthMax));
    if (kept.length <= linesMax) return;
    kept.shift();
    dropped += 1;
  };
  const wrap = (inner: Logger, inherited: LogFields): Logger => {
    const at =
      (level: 'debug' | 'info' | 'warn' | 'error') =>
      (message: string, fields: LogFields = {}): void => {
        if (level !== 'debug') keep(level, message, { ...inherited, ...fields });
        inner[level](message, fields);
      };
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => wrap(inner.child(fields), { ...inherited, ...fields }),
    };
  };
  return {
    log: wrap(parent, {}),
    note: (level, message, fields = {}) => keep(level, message, fields),
    count: () => kept.length + dropped,
    lines: () => (dropped === 0 ? [...kept] : [`… ${dropped} earlier lines dropped`, ...kept]),
  };
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  return value instanceof Error ? `${value.name}: ${value.message}` : value;
}
