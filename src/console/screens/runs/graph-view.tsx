import { useMemo, type KeyboardEvent, type ReactNode } from 'react';
import type { DayRuns } from '../../../api/index.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { layoutGraph, relatedTo, type Graph, type GraphNode } from './graph-layout.ts';
import { messages } from './messages.ts';

const [columnWidth, nodeWidth, rowHeight, nodeHeight] = [196, 164, 30, 24];

/** What needs what, from left to right. */
export function GraphView({
  runs,
  selected,
  onOpen,
}: {
  readonly runs: DayRuns;
  readonly selected: string | undefined;
  readonly onOpen: (task: string) => void;
}): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const graph = useMemo(() => layoutGraph(runs.tasks), [runs.tasks]);
  const chosen = runs.tasks.find(({ task }) => task === selected);
  const related = useMemo(
    () => (chosen === undefined ? undefined : relatedTo(runs.tasks, chosen.id)),
    [runs.tasks, chosen],
  );
  const size = {
    width: graph.columns * columnWidth - columnWidth + nodeWidth,
    height: graph.rows * rowHeight,
  };
  return (
    <>
      <div
        className="run-graph"
        tabIndex={0}
        role="region"
        aria-label={say('graphOf', { day: format.day(runs.business_day) })}
      >
        <div style={{ position: 'relative', ...size }}>
          <svg width={size.width} height={size.height} aria-hidden="true">
            <Edges graph={graph} related={related} />
          </svg>
          <ul onKeyDown={move}>
            {graph.nodes.map((node) => (
              <li key={node.run.id}>
                <button
                  type="button"
                  className={nodeClass(node, related)}
                  style={{
                    left: node.column * columnWidth,
                    top: topOf(node, graph),
                    width: nodeWidth,
                    height: nodeHeight,
                  }}
                  title={node.run.task}
                  aria-label={`${node.run.task}, ${say(node.run.state)}`}
                  {...(node.run.task === selected ? { 'aria-current': true } : {})}
                  onClick={() => onOpen(node.run.task)}
                >
                  <span className="clip">{node.run.task}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      </div>
      <p className="small run-foot">{say('graphHint')}</p>
    </>
  );
}

function Edges({
  graph,
  related,
}: {
  readonly graph: Graph;
  readonly related: ReadonlySet<string> | undefined;
}): ReactNode {
  const byId = new Map(graph.nodes.map((node) => [node.run.id, node]));
  return graph.edges.map(({ from, to }) => {
    const [left, right] = [byId.get(from), byId.get(to)];
    if (left === undefined || right === undefined) return null;
    const [x1, x2] = [left.column * columnWidth + nodeWidth, right.column * columnWidth];
    const [y1, y2] = [topOf(left, graph) + nodeHeight / 2, topOf(right, graph) + nodeHeight / 2];
    const bend = Math.min(60, (x2 - x1) / 2);
    const near = related?.has(from) === true && related.has(to);
    const look = related === undefined ? '' : near ? 'near' : 'far';
    return (
      <path
        key={`${from} ${to}`}
        className={`run-edge ${look}`}
        d={`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`}
      />
    );
  });
}

/** A short column stands in the middle of the long ones. */
function topOf({ column, row }: GraphNode, { nodes, rows }: Graph): number {
  const mine = nodes.filter((node) => node.column === column).length;
  return (row + (rows - mine) / 2) * rowHeight + (rowHeight - nodeHeight) / 2;
}

function nodeClass({ run }: GraphNode, related: ReadonlySet<string> | undefined): string {
  const far = related !== undefined && !related.has(run.id);
  return `run-node ${run.state} ${run.critical ? 'strong' : ''} ${far ? 'far' : ''}`;
}

/** ↑ ↓ go through the tasks, as they stand. */
function move(event: KeyboardEvent<HTMLUListElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const next = buttons[buttons.indexOf(document.activeElement as HTMLButtonElement) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
