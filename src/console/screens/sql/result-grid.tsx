import { useMemo, useState, type ReactNode } from 'react';
import type { QueryRows } from '../../../api/index.ts';
import type { Cell } from '../../data/csv.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import type { Format } from '../../i18n/format.ts';
import { DataTable, type Column } from '../../parts/data-table.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import { isNumberType, statsOf, type ColumnStats } from './column-stats.ts';
import { messages } from './messages.ts';

interface Row {
  readonly place: number;
  readonly values: readonly unknown[];
}

const lettersShown = 120;
const drawnMax = 60;

/** The rows of a result; each opens, so that a long value can be read. */
export function ResultGrid({ answer }: { readonly answer: QueryRows }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const [opened, setOpened] = useState<Row>();
  const rows = useMemo(() => answer.rows.map((values, place): Row => ({ place, values })), [answer]);
  const columns = useMemo(
    () =>
      answer.columns.map(({ name, type }, index): Column<Row> => {
        const stats = statsOf(
          answer.rows.map((row) => row[index]),
          type,
        );
        return {
          id: `${index}`,
          name,
          head: <Head name={name} type={type} stats={stats} />,
          numeric: stats.numeric,
          value: ({ values }) => sortable(values[index], type),
          cell: ({ values }) => <Value value={values[index]} type={type} />,
        };
      }),
    [answer],
  );
  return (
    <div className="sql-grid">
      <DataTable
        caption={say('result')}
        columns={columns}
        rows={rows}
        keyOf={({ place }) => `${place}`}
        onOpen={setOpened}
        selected={opened === undefined ? undefined : `${opened.place}`}
        drawnMax={drawnMax}
        tools
      />
      <Sheet
        open={opened !== undefined}
        onClose={() => setOpened(undefined)}
        title={say('row', { row: (opened?.place ?? 0) + 1 })}
        closeLabel={say('close')}
      >
        <dl className="sql-row">
          {answer.columns.map(({ name, type }, index) => (
            <div key={name}>
              <dt>
                <span className="mono">{name}</span> <span className="small">{type}</span>
              </dt>
              <dd>{wholeText(opened?.values[index], type, format)}</dd>
            </div>
          ))}
        </dl>
      </Sheet>
    </div>
  );
}

function Head({
  name,
  type,
  stats,
}: {
  readonly name: string;
  readonly type: string;
  readonly stats: ColumnStats;
}): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { range, distinct, nulls, bins } = stats;
  const about = [
    type,
    say('distinct', { count: distinct }),
    ...(range === undefined
      ? []
      : [say('range', { from: writeValue(range[0], type, format), to: writeValue(range[1], type, format) })]),
    ...(nulls === 0 ? [] : [say('nulls', { count: nulls })]),
  ].join(' · ');
  return (
    <span className="sql-head" title={about}>
      <span className="mono">{name}</span>
      <svg width="64" height="14" viewBox="0 0 64 14" aria-hidden="true">
        {bins.map((height, index) => (
          <rect
            key={index}
            x={index * 6.4}
            width="5.400"
            y={14 - Math.max(1, height * 14)}
            height={Math.max(1, height * 14)}
            fill="var(--q3)"
          />
        ))}
      </svg>
    </span>
  );
}

function Value({ value, type }: { readonly value: unknown; readonly type: string }): ReactNode {
  const format = useFormat();
  if (value === null || value === undefined) return <span className="muted">null</span>;
  const text = writeValue(value, type, format);
  return text.length > lettersShown ? `${text.slice(0, lettersShown)}…` : text;
}

/** A value as the grid writes it. */
export function writeValue(value: unknown, type: string, format: Format): string {
  if (value === null || value === undefined) return 'null';
  if (isNumberType(type)) return format.exact(value as number | string);
  if (type === 'TIMESTAMP WITH TIME ZONE') return format.stamp(String(value));
  if (type.startsWith('TIMESTAMP'))
    return String(value)
      .replace('T', ' ')
      .replace(/(\.000)?Z$/, '');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function wholeText(value: unknown, type: string, format: Format): ReactNode {
  if (value !== null && typeof value === 'object') return <pre>{JSON.stringify(value, null, 2)}</pre>;
  if (value === null || value === undefined) return <span className="muted">null</span>;
  return writeValue(value, type, format);
}

function sortable(value: unknown, type: string): Cell {
  if (value === null || value === undefined) return null;
  if (isNumberType(type)) return Number(value);
  return typeof value === 'object' ? JSON.stringify(value) : (value as Cell);
}
