import { answerErrors } from './error-codes/answers.ts';
import { collectingErrors } from './error-codes/collecting.ts';
import type { ErrorKind } from './error-codes/kind.ts';
import { warehouseErrors } from './error-codes/warehouse.ts';

export type { ErrorKind } from './error-codes/kind.ts';

/** Every error of the platform, by its stable code. Codes are never reused. */
export const errorCodes = {
  ...collectingErrors,
  ...warehouseErrors,
  ...answerErrors,
} as const satisfies Record<string, ErrorKind>;

/** A stable error code. */
export type ErrorCode = keyof typeof errorCodes;

/** Where and with what an error happened; every field is printed. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** The one error class of the platform. */
export class OctavoError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  /**
   * @param code - the row of the table
   * @param about - what exactly was wrong, as the end of a sentence
   * @param options - details for machines, and the cause
   */
  constructor(
    code: ErrorCode,
    about = '',
    options: { readonly details?: ErrorDetails; readonly cause?: unknown } = {},
  ) {
    const row: ErrorKind = errorCodes[code];
    super(about === '' ? row.message : `${row.message}: ${about}`, { cause: options.cause });
    this.name = 'OctavoError';
    this.code = code;
    this.details = options.details ?? {};
  }

  /** What exactly was wrong: the message without the code's own sentence. */
  get about(): string {
    const sentence = `${errorCodes[this.code].message}: `;
    return this.message.startsWith(sentence) ? this.message.slice(sentence.length) : this.message;
  }

  get status(): number {
    return errorCodes[this.code].status;
  }

  get retryable(): boolean {
    return errorCodes[this.code].retryable;
  }

  get hint(): string {
    return errorCodes[this.code].hint;
  }
}

/** Turns anything thrown into an OctavoError; foreign errors become `internal` with the cause kept. */
export function toOctavoError(thrown: unknown): OctavoError {
  if (thrown instanceof OctavoError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new OctavoError('internal', message, { cause: thrown });
}

/** Whether the thrown value is an OctavoError with this code. */
export function hasCode(thrown: unknown, code: ErrorCode): thrown is OctavoError {
  return thrown instanceof OctavoError && thrown.code === code;
}
