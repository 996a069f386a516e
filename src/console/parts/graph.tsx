import { useMemo, type KeyboardEvent, type ReactNode } from 'react';
import { layoutGraph, relatedTo, type GraphLayout, type GraphNode, type Needing } from './graph-layout.ts';
import './graph.css';

/** How a node looks: its left edge and its ground. */
export type NodeLook = 'plain' | 'coming' | 'running' | 'failed' | 'risk' | 'outside';

/** A box of the graph. */
export interface GraphItem extends Needing {
  readonly label: string;
  /** Read aloud behind the label. */
  readonly about?: string;
  readonly look?: NodeLook;
  readonly strong?: boolean;
}

const [columnWidth, nodeWidth, rowHeight, nodeHeight] = [196, 164, 30, 24];

/** What needs what, from left to right; of what is chosen the ways to and from stay. */
export function Graph({
  label,
  items,
  selected,
  onOpen,
}: {
  readonly label: string;
  /** Needs before what needs them. */
  readonly items: readonly GraphItem[];
  readonly selected: string | undefined;
  readonly onOpen: (id: string) => void;
}): ReactNode {
  const graph = useMemo(() => layoutGraph(items), [items]);
  const chosen = items.find(({ id }) => id === selected);
  const related = useMemo(
    () => (chosen === undefined ? undefined : relatedTo(items, chosen.id)),
    [items, chosen],
  );
  const size = { width: (graph.columns - 1) * columnWidth + nodeWidth, height: graph.rows * rowHeight };
  return (
    <div className="graph" tabIndex={0} role="region" aria-label={label}>
      <div className="graph-paper" style={size}>
        <svg width={size.width} height={size.height} aria-hidden="true">
          <Edges graph={graph} related={related} />
        </svg>
        <ul onKeyDown={move}>
          {graph.nodes.map((node) => (
            <li key={node.item.id}>
              <button
                type="button"
                className={nodeClass(node, related)}
                style={{
                  left: node.column * columnWidth,
                  top: topOf(node, graph),
                  width: nodeWidth,
                  height: nodeHeight,
                }}
                title={node.item.label}
                aria-label={
                  node.item.about === undefined ? node.item.label : `${node.item.label}, ${node.item.about}`
                }
                {...(node.item.id === selected ? { 'aria-current': true } : {})}
                onClick={() => onOpen(node.item.id)}
              >
                <span className="clip">{node.item.label}</span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function Edges({
  graph,
  related,
}: {
  readonly graph: GraphLayout<GraphItem>;
  readonly related: ReadonlySet<string> | undefined;
}): ReactNode {
  const byId = new Map(graph.nodes.map((node) => [node.item.id, node]));
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
        className={`graph-edge ${look}`}
        d={`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`}
      />
    );
  });
}

/** A short column stands in the middle of the long ones. */
function topOf({ column, row }: GraphNode<GraphItem>, { nodes, rows }: GraphLayout<GraphItem>): number {
  const mine = nodes.filter((node) => node.column === column).length;
  return (row + (rows - mine) / 2) * rowHeight + (rowHeight - nodeHeight) / 2;
}

function nodeClass({ item }: GraphNode<GraphItem>, related: ReadonlySet<string> | undefined): string {
  const far = related !== undefined && !related.has(item.id);
  return `graph-node ${item.look ?? 'plain'} ${item.strong === true ? 'strong' : ''} ${far ? 'far' : ''}`;
}

/** ↑ ↓ go from one to the next. */
function move(event: KeyboardEvent<HTMLUListElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const next = buttons[buttons.indexOf(document.activeElement as HTMLButtonElement) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
