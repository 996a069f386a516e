import { findErrorBy } from '@platformatic/kafka';
import { OctavoError } from '../../base/index.ts';

/** An error of the client as ours: `log_unavailable`, `log_denied`, or what it already is. */
export function unavailable(thrown: unknown, doing: string): OctavoError {
  if (thrown instanceof OctavoError) return thrown;
  const code = isDenied(thrown) ? 'log_denied' : 'log_unavailable';
  return new OctavoError(code, `${doing}: ${reasonOf(thrown)}`, { cause: thrown });
}

/** Whether the brokers know the user and will not have it, or do not know it. */
function isDenied(thrown: unknown): boolean {
  return (
    isApiError(
      thrown,
      'TOPIC_AUTHORIZATION_FAILED',
      'GROUP_AUTHORIZATION_FAILED',
      'CLUSTER_AUTHORIZATION_FAILED',
      'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
      'SASL_AUTHENTICATION_FAILED',
    ) || hasClientCode(thrown, 'PLT_KFK_AUTHENTICATION', depthMax)
  );
}

/** Also in the causes, where the client's own search does not look. */
function hasClientCode(thrown: unknown, code: string, depth: number): boolean {
  if (!(thrown instanceof Error) || depth === 0) return false;
  if ('code' in thrown && thrown.code === code) return true;
  const inner: readonly unknown[] = thrown instanceof AggregateError ? thrown.errors : [];
  return [...inner.slice(-1), thrown.cause].some((one) => hasClientCode(one, code, depth - 1));
}

/** The innermost reason: the outer ones only count the tries. */
export function reasonOf(thrown: unknown): string {
  let reason = thrown;
  for (let depth = 0; depth < depthMax; depth++) {
    if (reason instanceof AggregateError && reason.errors.length > 0) reason = reason.errors.at(-1);
    else if (reason instanceof Error && reason.cause instanceof Error) reason = reason.cause;
    else break;
  }
  return reason instanceof Error ? reason.message : String(reason);
}

/** Whether an error of the brokers has one of these names of Kafka's protocol. */
export function isApiError(thrown: unknown, ...ids: readonly string[]): boolean {
  return thrown instanceof Error && ids.some((id) => findErrorBy(thrown, 'apiId', id) !== null);
}

/** Whether a partition's leader is another than the client thinks. */
export function leaderMoved(thrown: unknown): boolean {
  return isApiError(thrown, 'NOT_LEADER_OR_FOLLOWER', 'LEADER_NOT_AVAILABLE', 'FENCED_LEADER_EPOCH');
}

const depthMax = 10;
