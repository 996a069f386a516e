import { OctavoError, type ErrorCode } from '../../base/index.ts';

/**
 * DuckDB's message as one of the port's errors. The kind is the message's own prefix (`Binder Error:`);
 * the rest, with its `LINE 1: … ^` pointer and candidates, is kept for the reader.
 */
export function engineError(message: string): OctavoError {
  const [, prefix, rest] =
    /^(?:TransactionContext Error: |Failed to extract statements: )?([A-Za-z -]+?) Error: ([\s\S]*)$/.exec(
      message,
    ) ?? [];
  const code = prefix === undefined ? 'query_failed' : (codes[prefix] ?? 'query_failed');
  return new OctavoError(
    code,
    code === 'query_invalid' || code === 'query_memory' ? (rest ?? message) : message,
    {
      details: { engine: 'duckdb', kind: prefix ?? 'unknown' },
    },
  );
}

const codes: Readonly<Record<string, ErrorCode>> = {
  Parser: 'query_invalid',
  Syntax: 'query_invalid',
  Binder: 'query_invalid',
  Catalog: 'query_invalid',
  Conversion: 'query_invalid',
  'Invalid Input': 'query_invalid',
  'Invalid Type': 'query_invalid',
  'Mismatch Type': 'query_invalid',
  'Out of Range': 'query_invalid',
  Parameter: 'query_invalid',
  Permission: 'query_refused',
  'Out of Memory': 'query_memory',
  INTERRUPT: 'cancelled',
  Interrupt: 'cancelled',
};
