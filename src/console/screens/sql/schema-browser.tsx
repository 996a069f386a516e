import { useState, type ReactNode } from 'react';
import type { QueryTables } from '../../../api/index.ts';
import { useFormat, useLanguage, useText } from '../../i18n/language.tsx';
import { textIn } from '../../i18n/text-in.tsx';
import { IconButton } from '../../parts/button.tsx';
import { Empty } from '../../parts/empty.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { messages } from './messages.ts';

type Table = QueryTables['tables'][number];

/** Tables and their columns; a click puts a name into the SQL. */
export function SchemaBrowser({
  tables,
  error,
  onRetry,
  onInsert,
  onFirstRows,
}: {
  readonly tables: readonly Table[] | undefined;
  readonly error: unknown;
  readonly onRetry: () => void;
  readonly onInsert: (name: string) => void;
  readonly onFirstRows: (table: string) => void;
}): ReactNode {
  const say = useText(messages);
  const [wanted, setWanted] = useState('');
  if (tables === undefined)
    return error === null ? (
      <Skeleton rows={12} height={24} />
    ) : (
      <ErrorState error={error} onRetry={onRetry} />
    );
  if (tables.length === 0) return <Empty what={say('noTables')}>{say('noTablesNext')}</Empty>;
  const text = wanted.trim().toLowerCase();
  const found = tables.filter(
    ({ table, columns }) => table.includes(text) || columns.some(({ column }) => column.includes(text)),
  );
  return (
    <div className="schema">
      <input
        className="ctl schema-find"
        type="search"
        aria-label={say('find')}
        placeholder={say('find')}
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
      />
      {found.length === 0 ? <p className="muted">{say('nothingFound')}</p> : null}
      {spacesOf(found).map(([space, own]) => (
        <section key={space}>
          <h2 className="schema-space mono">{space}</h2>
          <ul>
            {own.map((table) => (
              <SchemaTable
                key={table.table}
                table={table}
                wanted={text}
                onInsert={onInsert}
                onFirstRows={onFirstRows}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function SchemaTable({
  table: { table, rows, columns },
  wanted,
  onInsert,
  onFirstRows,
}: {
  readonly table: Table;
  readonly wanted: string;
  readonly onInsert: (name: string) => void;
  readonly onFirstRows: (table: string) => void;
}): ReactNode {
  const say = useText(messages);
  const { language } = useLanguage();
  const format = useFormat();
  const [opened, setOpen] = useState(false);
  const name = table.split('.')[1] ?? table;
  const inside = wanted !== '' && !table.includes(wanted);
  const open = opened || inside;
  const shown = inside ? columns.filter(({ column }) => column.includes(wanted)) : columns;
  return (
    <li>
      <div className="schema-table">
        <button type="button" className="schema-name" aria-expanded={open} onClick={() => setOpen(!open)}>
          <Icon name={open ? 'down' : 'right'} size={12} />
          <span className="mono clip" title={table}>
            {name}
          </span>
          <span className="small num" title={say('tableRows', { count: rows })}>
            {format.short(rows)}
          </span>
        </button>
        <IconButton icon="play" label={say('firstRows', { table })} onClick={() => onFirstRows(table)} />
      </div>
      {open ? (
        <ul className="schema-columns">
          <li>
            <button
              type="button"
              aria-label={say('insert', { name: table })}
              title={say('insert', { name: table })}
              onClick={() => onInsert(table)}
            >
              <span className="mono clip">{table}</span>
            </button>
          </li>
          {shown.map(({ column, type, documentation, personal }) => (
            <li key={column}>
              <button
                type="button"
                title={
                  documentation === '' ? say('insert', { name: column }) : textIn(language, documentation)
                }
                onClick={() => onInsert(column)}
              >
                <span className="mono clip">{column}</span>
                {personal ? <span className="schema-personal">{say('personalColumn')}</span> : null}
                <span className="small">{type}</span>
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </li>
  );
}

/** Tables by the part before the point, in their order. */
function spacesOf(tables: readonly Table[]): readonly (readonly [string, readonly Table[]])[] {
  return [...Map.groupBy(tables, ({ table }) => table.split('.')[0] ?? '')];
}
