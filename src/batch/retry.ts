import { OctavoError, type Random } from '../base/index.ts';

/** Waits before the second, third and fourth attempt, in milliseconds; later ones wait as long as the last. */
export const retryDelaysMs: readonly number[] = [1_000, 5_000, 15_000];

/** Waits vary by this part in both directions, so that tasks that failed together don't return together. */
const jitter = 0.2;

/** Milliseconds to wait before the attempt that follows the given one (1 is the first). */
export function retryDelayMs(
  attempt: number,
  random: Random,
  delaysMs: readonly number[] = retryDelaysMs,
): number {
  const delayMs = delaysMs[Math.min(attempt, delaysMs.length) - 1] ?? 0;
  return Math.round(delayMs * (1 + jitter * (2 * random.next() - 1)));
}

/** Whether another attempt may help. Errors that are not ours say nothing about that, so they are tried again. */
export function worthRetrying(thrown: unknown): boolean {
  return thrown instanceof OctavoError ? thrown.retryable : true;
}

/** What a task threw, as an error of ours: a foreign one becomes `task_failed` with its message. */
export function taskError(thrown: unknown, taskId: string): OctavoError {
  if (thrown instanceof OctavoError) return thrown;
  const reason = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new OctavoError('task_failed', `'${taskId}' threw ${reason}`, {
    details: { task: taskId },
    cause: thrown,
  });
}
