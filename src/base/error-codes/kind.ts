/** What is known of one error code, wherever it is raised. */
export interface ErrorKind {
  /** What happened, in one sentence; details are appended by the place that throws. */
  readonly message: string;
  /** The HTTP status that the API answers with. */
  readonly status: number;
  /** Whether the same call may succeed later without being changed. */
  readonly retryable: boolean;
  /** What the reader of the message should do next. */
  readonly hint: string;
}

/** A row of the table. */
export const kind = (status: number, message: string, hint: string, retryable = false): ErrorKind => ({
  message,
  status,
  retryable,
  hint,
});
