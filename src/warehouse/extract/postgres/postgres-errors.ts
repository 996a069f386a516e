import { OctavoError, type ErrorCode } from '../../../base/index.ts';

/** SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html) by what to do about it. */
const byState: Readonly<Record<string, ErrorCode>> = {
  '28000': 'source_denied',
  '28P01': 'source_denied',
  '42501': 'source_denied',
  '3D000': 'source_invalid',
  '42P01': 'source_invalid',
  '57014': 'source_timeout',
  '55P03': 'source_timeout',
  '40001': 'source_timeout',
  '53300': 'source_unreachable',
  // The slot is still held by a connection that is being given up: of an extraction that was killed.
  '55006': 'source_unreachable',
  '57P01': 'source_unreachable',
  '57P02': 'source_unreachable',
  '57P03': 'source_unreachable',
  '57P05': 'source_unreachable',
};

/** What the server or its driver said, as an error of ours. */
export function postgresError(about: string, cause: unknown): unknown {
  if (cause instanceof OctavoError || !(cause instanceof Error)) return cause;
  const code = (cause as { readonly code?: string }).code ?? '';
  const kind =
    byState[code] ?? (isLost(code, cause.message) ? 'source_unreachable' : isTls(code, cause.message));
  return new OctavoError(kind, `${about}: ${cause.message === '' ? code : cause.message}`, { cause });
}

function isLost(code: string, message: string): boolean {
  return (
    /^(08|E(CONN|TIMEDOUT|PIPE|NOTFOUND|HOSTUNREACH|NETUNREACH|AI_AGAIN|NOENT))/.test(code) ||
    /Connection terminated|not queryable|timeout expired|timeout exceeded/i.test(message)
  );
}

function isTls(code: string, message: string): ErrorCode {
  const tls =
    /^(ERR_(TLS|SSL)|UNABLE|CERT|SELF_SIGNED|DEPTH_ZERO|HOSTNAME)/.test(code) || /SSL/.test(message);
  return tls ? 'source_tls_failed' : 'source_unreadable';
}
