/** One request of an access log, or one line of an application's log. Texts are as the reader's program sent them, unescaped. */
export interface LogRequest {
  /** Epoch milliseconds. */
  readonly timeMs: number;
  /** RFC 3339, in the zone of the log. */
  readonly instant: string;
  /** Whether it asks for something; `garbage` is a request that cannot be read, such as a TLS greeting on a plain port. */
  readonly asks: 'something' | 'garbage' | 'nothing';
  readonly ip: string | undefined;
  readonly user: string | undefined;
  readonly method: string | undefined;
  /** Path and query, or a whole address. */
  readonly target: string | undefined;
  readonly status: number | undefined;
  readonly bytes: number | undefined;
  /** How long it took. */
  readonly seconds: number | undefined;
  readonly referrer: string | undefined;
  readonly agent: string | undefined;
  readonly host: string | undefined;
  /** Further fields that are to be kept, by name. */
  readonly extra: Readonly<Record<string, unknown>> | undefined;
}

/** Why a line is no request. */
export interface LineFailure {
  /** E.g. `log_line_invalid`. */
  readonly code: string;
  /** What was expected, e.g. `format: combined`. */
  readonly rule: string;
  /** One sentence for a person. */
  readonly message: string;
}

/** Reads one line without its line break. */
export type LineParser = (line: string) => LogRequest | LineFailure;

/** Whether a line could not be read. */
export function isLineFailure(parsed: LogRequest | LineFailure): parsed is LineFailure {
  return 'rule' in parsed;
}

/** A failure of a line of a format. */
export function lineFailure(format: string, message: string): LineFailure {
  return { code: 'log_line_invalid', rule: `format: ${format}`, message };
}
