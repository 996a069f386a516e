import { findErrorBy } from '@platformatic/kafka';
import { OctavoError } from '../../base/index.ts';

/** An error of the client as ours: `log_unavailable`, or what it already is. */
export function unavailable(thrown: unknown, doing: string): OctavoError {
  if (thrown instanceof OctavoError) return thrown;
  return new OctavoError('log_unavailable', `${doing}: ${reasonOf(thrown)}`, { cause: thrown });
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
