import { errorCodes, type ErrorKind } from '../../src/base/index.ts';
import { table } from './markdown.ts';

/** The page of every error code. */
export function renderErrors(): string {
  const rows = Object.entries<ErrorKind>(errorCodes).map(([code, kind]) => {
    const retryable = kind.retryable ? 'yes' : 'no';
    return [`\`${code}\``, String(kind.status), retryable, kind.message, kind.hint];
  });
  return [
    '# Errors',
    '',
    'Every error has a stable code. The API answers with it as `code` in a problem document (RFC 9457);',
    'the command line prints it with the hint. Retryable: the same call may succeed later without being changed.',
    '',
    ...table(['code', 'HTTP status', 'retryable', 'what happened', 'what to do'], rows),
    '',
  ].join('\n');
}
