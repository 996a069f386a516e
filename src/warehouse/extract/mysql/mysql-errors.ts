import { OctavoError, type ErrorCode } from '../../../base/index.ts';

/** Error codes of server and driver (https://mariadb.com/kb/en/mariadb-error-code-reference/) by what to do about them. */
const byCode: Readonly<Record<string, ErrorCode>> = {
  ER_ACCESS_DENIED_ERROR: 'source_denied',
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: 'source_denied',
  ER_DBACCESS_DENIED_ERROR: 'source_denied',
  ER_TABLEACCESS_DENIED_ERROR: 'source_denied',
  ER_COLUMNACCESS_DENIED_ERROR: 'source_denied',
  ER_SPECIFIC_ACCESS_DENIED_ERROR: 'source_denied',
  ER_HOST_NOT_PRIVILEGED: 'source_denied',
  ER_ACCOUNT_HAS_BEEN_LOCKED: 'source_denied',
  ER_MUST_CHANGE_PASSWORD: 'source_denied',
  ER_MUST_CHANGE_PASSWORD_LOGIN: 'source_denied',
  ER_BAD_DB_ERROR: 'source_invalid',
  ER_NO_SUCH_TABLE: 'source_invalid',
  ER_LOCK_WAIT_TIMEOUT: 'source_timeout',
  ER_QUERY_TIMEOUT: 'source_timeout',
  ER_STATEMENT_TIMEOUT: 'source_timeout',
  ER_QUERY_INTERRUPTED: 'source_timeout',
  ER_TABLE_DEF_CHANGED: 'source_timeout',
  ER_SECURE_TRANSPORT_REQUIRED: 'source_tls_failed',
  HANDSHAKE_SSL_ERROR: 'source_tls_failed',
  HANDSHAKE_NO_SSL_SUPPORT: 'source_tls_failed',
};

const unreachable =
  /^(E(CONN|TIMEDOUT|PIPE|NOTFOUND|HOSTUNREACH|NETUNREACH|AI_AGAIN|NOENT)|PROTOCOL_|ER_SERVER_SHUTDOWN|ER_CON_COUNT)/;
const cutOff = /^(ER_CONNECTION_KILLED|ER_NEW_ABORTING|ER_HOST_IS_BLOCKED|ER_CLIENT_INTERACTION_TIMEOUT)/;

/** What the server or its driver said, as an error of ours; others stay as they are. */
export function mysqlError(about: string, cause: unknown): unknown {
  if (cause instanceof OctavoError || !(cause instanceof Error)) return cause;
  const { code, errno } = cause as { readonly code?: string; readonly errno?: number };
  // The driver does not know the names of the newest errors.
  const known = errno === 1969 ? 'source_timeout' : byCode[code ?? ''];
  const lost =
    unreachable.test(code ?? '') ||
    cutOff.test(code ?? '') ||
    errno === 1927 ||
    errno === 4031 ||
    /closed state/.test(cause.message);
  const kind = known ?? (lost ? 'source_unreachable' : isTls(cause) ? 'source_tls_failed' : undefined);
  if (kind === undefined)
    return new OctavoError('source_unreadable', `${about}: ${cause.message}`, { cause });
  return new OctavoError(kind, `${about}: ${cause.message === '' ? (code ?? '') : cause.message}`, { cause });
}

function isTls(cause: Error): boolean {
  const code = (cause as { readonly code?: string }).code ?? '';
  return /^(ERR_(TLS|SSL)|(UNABLE|CERT|SELF_SIGNED|DEPTH_ZERO|HOSTNAME))/.test(code);
}
