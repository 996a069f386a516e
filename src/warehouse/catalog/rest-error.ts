import { toOctavoError, type ErrorCode } from '../../base/index.ts';
import type { RestResponse } from './rest.ts';

const types: Partial<Record<ErrorCode, string>> = {
  table_not_found: 'NoSuchTableException',
  namespace_not_found: 'NoSuchNamespaceException',
  table_exists: 'AlreadyExistsException',
  namespace_exists: 'AlreadyExistsException',
  namespace_not_empty: 'NamespaceNotEmptyException',
  commit_conflict: 'CommitFailedException',
  fenced: 'CommitFailedException',
  table_unsupported: 'UnsupportedOperationException',
};

/** The answer to a failed request in the shape of the Iceberg REST protocol, with our code and hint beside. */
export function errorResponse(thrown: unknown): RestResponse {
  const error = toOctavoError(thrown);
  const code = error.code === 'table_unsupported' ? 406 : error.status;
  const type = types[error.code] ?? (code < 500 ? 'BadRequestException' : 'InternalServerError');
  return {
    status: code,
    body: { error: { message: `${error.message} (${error.hint})`, type, code, octavo: error.code } },
  };
}
