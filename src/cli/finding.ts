/** What one look found. */
export interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'warning' | 'wrong';
  readonly detail: string;
}
