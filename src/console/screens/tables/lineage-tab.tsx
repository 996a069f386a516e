import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import type { TableDetail } from '../../../api/index.ts';
import { useText } from '../../i18n/language.tsx';
import { Graph, type GraphItem } from '../../parts/graph.tsx';
import { Section } from '../../parts/page.tsx';
import { messages } from './messages.ts';

type Node = TableDetail['lineage'][number];

/** What the table is made of, and what is made from it. */
export function LineageTab({ table }: { readonly table: TableDetail }): ReactNode {
  const say = useText(messages);
  const navigate = useNavigate();
  const { lineage } = table;
  const items = useMemo(
    () =>
      lineage.map(({ name, from }): GraphItem => ({
        id: name,
        needs: from,
        label: shortName(name),
        strong: name === table.table,
        look: isTable(name) ? 'plain' : 'outside',
      })),
    [lineage, table.table],
  );
  const open = (name: string): void => {
    const [kind = '', rest = ''] = name.split(':');
    const [what, list = ''] = rest.split('/');
    if (isTable(name))
      void navigate({ to: '/tables/$table', params: { table: name }, search: { tab: 'lineage' } });
    else if (kind === 'edition' && what === 'bestseller')
      void navigate({ to: '/bestsellers/$list', params: { list } });
  };
  const own = lineage.find(({ name }) => name === table.table);
  const made = lineage.filter(({ from }) => from.includes(table.table));
  return (
    <>
      <div className="wide-only">
        <Graph
          label={say('lineageOf', { table: table.table })}
          items={items}
          selected={table.table}
          onOpen={open}
        />
        <p className="small">{say('lineageHint')}</p>
      </div>
      <div className="cols even lineage-lists">
        <Near title={say('madeOf')} nodes={lineage.filter(({ name }) => own?.from.includes(name) === true)} />
        <Near title={say('makes')} nodes={made} />
      </div>
    </>
  );
}

/** The next ones, as a list. */
function Near({ title, nodes }: { readonly title: string; readonly nodes: readonly Node[] }): ReactNode {
  const say = useText(messages);
  return (
    <Section title={title}>
      {nodes.length === 0 ? (
        <p className="muted">{say('nothing')}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{say('table')}</th>
              <th scope="col">{say('by')}</th>
            </tr>
          </thead>
          <tbody>
            {nodes.map(({ name, tasks }) => (
              <tr key={name}>
                <td>
                  <LineageName name={name} />
                </td>
                <td>
                  {tasks.map((task) => (
                    <Link key={task} className="link mono" to="/runs/$task" params={{ task }}>
                      {task}
                    </Link>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

function LineageName({ name }: { readonly name: string }): ReactNode {
  const edition = /^edition:bestseller\/(.+)$/.exec(name)?.[1];
  if (edition !== undefined)
    return (
      <Link className="link mono" to="/bestsellers/$list" params={{ list: edition }}>
        {shortName(name)}
      </Link>
    );
  if (!isTable(name)) return <span className="mono">{shortName(name)}</span>;
  return (
    <Link className="link mono" to="/tables/$table" params={{ table: name }} search={{ tab: 'lineage' }}>
      {name}
    </Link>
  );
}

function isTable(name: string): boolean {
  return !name.includes(':');
}

/** Without the kind that an edition or a source begins with. */
function shortName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
