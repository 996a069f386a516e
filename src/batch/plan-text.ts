import { type Plan, type PlanNode } from './graph.ts';

/** What a task of a plan is waiting for. */
export type PlanStatus = 'done' | 'ready' | 'waiting';

/** `done`: its target exists; `ready`: all its needs are done; `waiting`: for needs that are not. */
export function planStatus(plan: Plan, node: PlanNode): PlanStatus {
  if (node.done) return 'done';
  return node.needs.every((need) => plan.nodes.get(need)?.done === true) ? 'ready' : 'waiting';
}

/** How many tasks of the plan have each status. */
export function planCounts(plan: Plan): Readonly<Record<PlanStatus, number>> {
  const counts = { done: 0, ready: 0, waiting: 0 };
  for (const node of plan.nodes.values()) counts[planStatus(plan, node)] += 1;
  return counts;
}

/** The plan for people, one line a task in the order of running, as `octavo run --plan` prints it. */
export function planText(plan: Plan): string {
  const nodes = [...plan.nodes.values()];
  const lines = nodes.map((node) => {
    const status = planStatus(plan, node);
    const forced = node.forced ? ' (forced)' : '';
    const open = node.needs.filter((need) => plan.nodes.get(need)?.done !== true);
    const after = open.length === 0 ? '' : `  after ${shorten(open)}`;
    return `${status.padEnd(8)}${node.id}${forced}  ->  ${node.target.description}${after}`;
  });
  const { done, ready, waiting } = planCounts(plan);
  return [...lines, `${nodes.length} tasks: ${done} done, ${ready} ready, ${waiting} waiting`].join('\n');
}

const needsShownMax = 4;

function shorten(ids: readonly string[]): string {
  const shown = ids.slice(0, needsShownMax).join(', ');
  return ids.length > needsShownMax ? `${shown} and ${ids.length - needsShownMax} more` : shown;
}
