import type { CycleStatus } from '../../../api/index.ts';

/** What the axis shows. */
export interface Domain {
  readonly fromMs: number;
  readonly toMs: number;
  /** Whether the promised time is on it. */
  readonly dueInside: boolean;
}

/** Work that is over so long before its promise would be a speck: then the axis ends with the work. */
const farFactor = 6;
const spanMinMs = 20_000;

/** From the morning's beginning to its end, and to its promise where that is near. */
export function domainOf(cycle: CycleStatus, nowMs: number): Domain {
  const begins = Date.parse(cycle.begins_at);
  const started = cycle.started_at === null ? begins : Date.parse(cycle.started_at);
  const dueMs = Date.parse(cycle.due_at);
  const fromMs = cycle.made_up ? started : Math.min(begins, started);
  const ends = cycle.stages.flatMap((stage) =>
    [stage.finished_at, stage.expected_finish_at].flatMap((at) => (at === null ? [] : [Date.parse(at)])),
  );
  const late = cycle.forecast === null ? [] : [Date.parse(cycle.forecast.late_at)];
  const open = cycle.state === 'running' || cycle.state === 'failed' ? [nowMs] : [];
  const workEnd = Math.max(fromMs + spanMinMs, ...ends, ...late, ...open);
  const work = workEnd - fromMs;
  const near = !cycle.made_up && dueMs - fromMs <= work * farFactor;
  return { fromMs, toMs: near ? Math.max(dueMs, workEnd) : fromMs + work * 1.08, dueInside: near };
}
