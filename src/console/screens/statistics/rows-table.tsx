import type { ReactNode } from 'react';
import { DataTable, type Column as TableColumn } from '../../parts/data-table.tsx';
import type { BlockProps } from './block.tsx';
import type { Cell, Column } from './page-types.ts';
import { directionOf, type PageWords } from './words.ts';

interface Row {
  readonly place: number;
  readonly cells: readonly Cell[];
  readonly mark: string | null;
}

const phoneColumns = 3;

/** A block's rows as a table; columns drawn as bars begin at zero. */
export function RowsTable({ title, rows: answer, words }: BlockProps): ReactNode {
  const seen = answer.columns.flatMap(({ language }, place) =>
    (language ?? words.language) === words.language ? [place] : [],
  );
  const shown = seen.flatMap((place) => answer.columns[place] ?? []);
  const inOrder = (cells: readonly Cell[]): readonly Cell[] => seen.map((place) => cells[place] ?? null);
  const rows = answer.rows.map((cells, place): Row => ({
    place,
    cells: inOrder(cells),
    mark: answer.marks[place] ?? null,
  }));
  const columns = shown.map((column, place) => toTableColumn(column, place, { rows, words }));
  const { total } = answer;
  return (
    <DataTable
      caption={title}
      columns={columns}
      rows={rows}
      keyOf={({ place }) => String(place)}
      {...(total === null
        ? {}
        : { total: <TotalRow total={inOrder(total)} columns={shown} words={words} /> })}
    />
  );
}

function toTableColumn(
  column: Column,
  place: number,
  { rows, words }: { readonly rows: readonly Row[]; readonly words: PageWords },
): TableColumn<Row> {
  const largest = column.bar ? Math.max(0, ...rows.map(({ cells }) => Number(cells[place] ?? 0))) : 0;
  const cell = (row: Row): ReactNode => (
    <Value
      cell={row.cells[place] ?? null}
      column={column}
      largest={largest}
      mark={place === 0 ? row.mark : null}
      words={words}
    />
  );
  return {
    id: `${column.name}:${place}`,
    head: words.head(column),
    numeric: column.type === 'number',
    wideOnly: place >= phoneColumns || column.role === 'change',
    value: ({ cells }) => cells[place] ?? null,
    cell,
  };
}

function Value({
  cell,
  column,
  largest,
  mark,
  words,
}: {
  readonly cell: Cell;
  readonly column: Column;
  readonly largest: number;
  readonly mark: string | null;
  readonly words: PageWords;
}): ReactNode {
  const text = words.cell(cell, column);
  if (column.role === 'change' && typeof cell === 'number')
    return <span className={directionOf(cell)}>{text}</span>;
  if (column.bar && typeof cell === 'number') {
    return (
      <span className="bar-cell">
        <span className="bar-track" aria-hidden="true">
          <span
            className="bar-fill"
            style={{ width: `${largest === 0 ? 0 : (100 * Math.max(0, cell)) / largest}%` }}
          />
        </span>
        <span>{text}</span>
      </span>
    );
  }
  if (mark === 'partial' || mark === 'missing')
    return (
      <>
        {text} <span className="small nowrap">{words.say(mark)}</span>
      </>
    );
  return text;
}

function TotalRow({
  total,
  columns,
  words,
}: {
  readonly total: readonly Cell[];
  readonly columns: readonly Column[];
  readonly words: PageWords;
}): ReactNode {
  return (
    <tr className="sum">
      {columns.map((column, place) => {
        const cell = total[place] ?? null;
        const wide = place >= phoneColumns || column.role === 'change' ? 'wide-only' : '';
        return place === 0 ? (
          <th key={place} scope="row">
            {words.say('total')}
          </th>
        ) : (
          <td key={place} className={`${column.type === 'number' ? 'num' : ''} ${wide}`.trim()}>
            {cell === null ? '' : words.cell(cell, column)}
          </td>
        );
      })}
    </tr>
  );
}
