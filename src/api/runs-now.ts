import { requestOf } from './day-runs.ts';
import type { BatchView } from './mornings.ts';
import type { RequestedRun } from './run-schemas.ts';

/** What runs at the moment: little enough to be told with every step. */
export interface RunsNow {
  readonly running: readonly {
    readonly id: string;
    readonly token: number;
    readonly heartbeat_at: string;
    readonly progress: { readonly done: number; readonly total: number; readonly unit: string } | null;
  }[];
  /** Of the newest attempt: it grows when a task begins. */
  readonly newest_token: number;
  readonly requests: readonly RequestedRun[];
}

/** For the live stream: whoever hears it asks anew for what he shows. */
export async function runsNow({ state, desk }: BatchView): Promise<RunsNow> {
  const running = await state.running();
  const [newest] = await state.attempts({ limit: 1 });
  return {
    running: running.map(({ taskId, token, heartbeatMs, progress }) => ({
      id: taskId,
      token,
      heartbeat_at: new Date(heartbeatMs).toISOString(),
      progress: progress ?? null,
    })),
    newest_token: newest?.token ?? 0,
    requests: (desk?.runs() ?? []).map(requestOf),
  };
}
