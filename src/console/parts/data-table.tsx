import { useRef, type KeyboardEvent, type ReactNode } from 'react';
import { tsvOf, type Cell } from '../data/csv.ts';
import { useText } from '../i18n/language.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { useSorting, type SortOrder } from './table-sorting.ts';
import { TableTools, useTableChoice } from './table-tools.tsx';
import { useWindow } from './table-window.ts';
import './data-table.css';

/** One column: what it shows of a row, and what it sorts and exports by. */
export interface Column<R> {
  readonly id: string;
  readonly head: ReactNode;
  /** Its name in the menu of columns, where `head` is no text. */
  readonly name?: string;
  /** The cell; default the value as it is. */
  readonly cell?: (row: R, index: number) => ReactNode;
  /** What the column sorts and copies by; a column without it is not sorted. */
  readonly value?: (row: R) => Cell;
  /** Right-aligned tabular figures. */
  readonly numeric?: boolean;
  readonly width?: number | string;
  /** Left out under 720 px. */
  readonly wideOnly?: boolean;
}

export interface DataTableProps<R> {
  /** Read aloud before the table. */
  readonly caption: string;
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
  readonly keyOf: (row: R) => string;
  readonly selected?: string | undefined;
  /** Rows can be opened: by click, Enter, and ↑ ↓ J K between them. */
  readonly onOpen?: ((row: R) => void) | undefined;
  readonly sort?: SortOrder;
  readonly total?: ReactNode;
  /** With a filter and a menu of columns above it, for tables that may be long. */
  readonly tools?: boolean;
  /** What stands in an empty table. */
  readonly empty?: ReactNode;
  /** Rows beyond this are drawn only where they are seen. Default 200. */
  readonly drawnMax?: number;
}

const messages = defineMessages({
  ascending: { ko: '오름차순으로 정렬', en: 'sort ascending' },
  descending: { ko: '내림차순으로 정렬', en: 'sort descending' },
});

const drawnDefault = 200;
/** Shorter tables are seen at a glance. */
const toolsFrom = 12;

/** A table: sticky head, sorting, rows that open, Ctrl C for the selected row, any number of rows. */
export function DataTable<R>(props: DataTableProps<R>): ReactNode {
  const { caption, rows, keyOf, selected, onOpen, total, empty } = props;
  const choice = useTableChoice(rows, props.columns);
  const { columns } = choice;
  const { sorted, order, sortBy } = useSorting(choice.rows, columns, props.sort);
  const frame = useRef<HTMLDivElement>(null);
  const windowed = sorted.length > (props.drawnMax ?? drawnDefault);
  const view = useWindow(frame, sorted.length, windowed);
  const shown = windowed ? sorted.slice(view.from, view.to) : sorted;
  const onKeyDown = (event: KeyboardEvent<HTMLTableRowElement>, row: R): void => {
    if ((event.ctrlKey || event.metaKey) && event.key === 'c' && getSelection()?.isCollapsed !== false) {
      void navigator.clipboard.writeText(tsvOf([columns.map((column) => column.value?.(row))]));
      return;
    }
    if (onOpen === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (step !== undefined) {
      const next =
        step === 1 ? event.currentTarget.nextElementSibling : event.currentTarget.previousElementSibling;
      if (next instanceof HTMLElement && next.tabIndex >= 0) next.focus();
      event.preventDefault();
    } else if ((event.key === 'Enter' || event.key === ' ') && event.target === event.currentTarget) {
      onOpen(row);
      event.preventDefault();
    }
  };
  const table = (
    <div
      className={windowed ? 'table-frame windowed' : 'table-frame'}
      ref={frame}
      {...(windowed ? { tabIndex: 0, role: 'region', 'aria-label': caption } : {})}
    >
      <table className="data-table" aria-rowcount={sorted.length + 1}>
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.id} column={column} order={order} onSort={sortBy} />
            ))}
          </tr>
        </thead>
        <tbody>
          {view.before > 0 ? <Spacer height={view.before} span={columns.length} /> : null}
          {shown.map((row, position) => {
            const key = keyOf(row);
            const index = windowed ? view.from + position : position;
            return (
              <tr
                key={key}
                aria-rowindex={index + 2}
                {...(selected === key ? { 'aria-selected': true } : {})}
                {...(onOpen === undefined
                  ? {}
                  : { tabIndex: 0, className: 'opens', onClick: () => onOpen(row) })}
                onKeyDown={(event) => onKeyDown(event, row)}
              >
                {columns.map((column) => (
                  <td key={column.id} className={classOf(column)}>
                    {column.cell === undefined ? String(column.value?.(row) ?? '–') : column.cell(row, index)}
                  </td>
                ))}
              </tr>
            );
          })}
          {view.after > 0 ? <Spacer height={view.after} span={columns.length} /> : null}
        </tbody>
        {total === undefined ? null : <tfoot>{total}</tfoot>}
      </table>
      {rows.length === 0 ? empty : null}
    </div>
  );
  if (props.tools !== true || rows.length < toolsFrom) return table;
  return (
    <>
      <TableTools choice={choice} columns={props.columns} all={rows.length} />
      {table}
    </>
  );
}

function Head<R>({
  column,
  order,
  onSort,
}: {
  readonly column: Column<R>;
  readonly order: SortOrder | undefined;
  readonly onSort: (order: SortOrder) => void;
}): ReactNode {
  const say = useText(messages);
  const mine = order?.column === column.id ? order.direction : undefined;
  const sortable = column.value !== undefined && column.head !== '';
  const next =
    mine === 'descending' || (mine === undefined && column.numeric !== true) ? 'ascending' : 'descending';
  return (
    <th
      scope="col"
      className={classOf(column)}
      style={column.width === undefined ? {} : { width: column.width }}
      {...(mine === undefined ? {} : { 'aria-sort': mine })}
    >
      {sortable ? (
        <button
          type="button"
          className="sort"
          title={say(next)}
          onClick={() => onSort({ column: column.id, direction: next })}
        >
          {column.head}
          <span aria-hidden="true" className="sort-mark">
            {mine === undefined ? '' : mine === 'ascending' ? '↑' : '↓'}
          </span>
        </button>
      ) : (
        column.head
      )}
    </th>
  );
}

function Spacer({ height, span }: { readonly height: number; readonly span: number }): ReactNode {
  return (
    <tr aria-hidden="true" className="spacer">
      <td colSpan={span} style={{ height }} />
    </tr>
  );
}

function classOf<R>(column: Column<R>): string {
  return `${column.numeric === true ? 'num' : ''} ${column.wideOnly === true ? 'wide-only' : ''}`.trim();
}
