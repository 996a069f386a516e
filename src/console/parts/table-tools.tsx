import { useMemo, useState, type ReactNode } from 'react';
import type { Cell } from '../data/csv.ts';
import { useFormat, useText } from '../i18n/language.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { Button } from './button.tsx';
import { Menu } from './menu.tsx';

const messages = defineMessages({
  filter: { ko: '표에서 찾기', en: 'Filter the rows' },
  columns: { ko: '열', en: 'Columns' },
  left: { ko: '{all}행 중 {left}행', en: '{left} of {all} rows' },
});

interface Named<R> {
  readonly id: string;
  readonly head: ReactNode;
  readonly name?: string;
  readonly value?: (row: R) => Cell;
}

/** What of a table the reader wants to see. */
export interface TableChoice<R, C> {
  readonly rows: readonly R[];
  readonly columns: readonly C[];
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly hidden: ReadonlySet<string>;
  readonly toggle: (column: string) => void;
}

/** Rows in which a shown column has the text, and the columns that are not put away. */
export function useTableChoice<R, C extends Named<R>>(
  rows: readonly R[],
  columns: readonly C[],
): TableChoice<R, C> {
  const [text, setText] = useState('');
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const shown = useMemo(() => columns.filter(({ id }) => !hidden.has(id)), [columns, hidden]);
  const found = useMemo(() => withText(rows, shown, text), [rows, shown, text]);
  const toggle = (column: string): void =>
    setHidden((now) => (now.has(column) ? now.difference(new Set([column])) : now.union(new Set([column]))));
  return { rows: found, columns: shown, text, setText, hidden, toggle };
}

/** The rows with a value that contains the text, whatever its case. */
export function withText<R>(
  rows: readonly R[],
  columns: readonly Pick<Named<R>, 'value'>[],
  text: string,
): readonly R[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return rows;
  return rows.filter((row) =>
    columns.some(({ value }) =>
      String(value?.(row) ?? '')
        .toLowerCase()
        .includes(wanted),
    ),
  );
}

/** The filter and the menu of columns above a long table. */
export function TableTools<R, C extends Named<R>>({
  choice,
  columns,
  all,
}: {
  readonly choice: TableChoice<R, C>;
  readonly columns: readonly C[];
  /** Rows without the filter. */
  readonly all: number;
}): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { rows, text, setText, hidden, toggle } = choice;
  const items = columns.flatMap(({ id, name, head }) => {
    const label = name ?? (typeof head === 'string' ? head : '');
    const last = columns.length - hidden.size === 1 && !hidden.has(id);
    return label === ''
      ? []
      : [{ key: id, label, chosen: !hidden.has(id), disabled: last, onSelect: () => toggle(id) }];
  });
  return (
    <div className="row table-tools no-print">
      <input
        type="search"
        className="ctl"
        aria-label={say('filter')}
        placeholder={say('filter')}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Menu trigger={<Button icon="down">{say('columns')}</Button>} groups={[{ items, several: true }]} />
      <span role="status" className="small">
        {text.trim() === '' ? '' : say('left', { left: format.number(rows.length), all: format.number(all) })}
      </span>
    </div>
  );
}
