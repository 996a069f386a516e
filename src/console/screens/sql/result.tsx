import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { QueryTables } from '../../../api/index.ts';
import { useNow } from '../../data/use-now.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { Banner } from '../../parts/banner.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Section } from '../../parts/page.tsx';
import { Segment } from '../../parts/segment.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { ExportMenu } from './export-menu.tsx';
import { messages } from './messages.ts';
import { QueryFailed } from './query-failed.tsx';
import { ResultChart } from './result-chart.tsx';
import { ResultGrid } from './result-grid.tsx';
import type { SqlSearch } from './route.ts';
import { startingPoints } from './starting-points.ts';
import type { Run } from './use-run.ts';

const route = getRouteApi('/sql');

interface ResultProps {
  readonly run: Run;
  readonly tables: QueryTables['tables'] | undefined;
  readonly onRetry: () => void;
  readonly onExample: (sql: string) => void;
  readonly onGoTo: (place: { readonly line: number; readonly column: number }) => void;
}

/** What the last question gave. */
export function Result({ run, tables, onRetry, onExample, onGoTo }: ResultProps): ReactNode {
  const say = useText(messages);
  switch (run.state) {
    case 'none':
      return (
        <Empty
          what={say('empty')}
          action={
            <ul className="sql-starts">
              {startingPoints(tables ?? []).map((sql) => (
                <li key={sql}>
                  <button type="button" onClick={() => onExample(sql)}>
                    <code>{sql}</code>
                  </button>
                </li>
              ))}
            </ul>
          }
        >
          {say('emptyNext')}
        </Empty>
      );
    case 'running':
      return <Running sinceMs={run.sinceMs} />;
    case 'stopped':
      return <Empty what={say('stopped')}>{say('stoppedNext')}</Empty>;
    case 'failed':
      return <QueryFailed error={run.error} onRetry={onRetry} onGoTo={onGoTo} />;
    case 'done':
      return <Rows key={run.asked.id} run={run} />;
  }
}

function Running({ sinceMs }: { readonly sinceMs: number }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const nowMs = useNow(200);
  return (
    <Section title={say('result')} more={say('running', { time: format.duration((nowMs - sinceMs) / 1000) })}>
      <Skeleton rows={8} height={34} />
    </Section>
  );
}

function Rows({ run }: { readonly run: Extract<Run, { state: 'done' }> }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { view } = route.useSearch();
  const navigate = route.useNavigate();
  const { answer, asked } = run;
  const count = answer.rows.length;
  const time = format.duration(answer.seconds);
  if (count === 0) {
    return (
      <Section title={say('result')} more={time}>
        <Empty what={say('noRows')}>{say('noRowsNext')}</Empty>
      </Section>
    );
  }
  return (
    <Section
      title={say('rowCount', { count, time })}
      more={
        <span className="row no-print">
          <Segment
            label={say('view')}
            value={view ?? 'table'}
            options={[
              { value: 'table', label: say('asTable') },
              { value: 'chart', label: say('asChart') },
            ]}
            onChange={(next) =>
              void navigate({
                search: ({ view: _before, ...rest }: SqlSearch) =>
                  next === 'chart' ? { ...rest, view: 'chart' as const } : rest,
                replace: true,
              })
            }
          />
          <ExportMenu asked={asked} />
        </span>
      }
    >
      {answer.truncated ? <Banner what={say('cut', { count })} next={say('cutNext')} /> : null}
      {view === 'chart' ? <ResultChart answer={answer} /> : <ResultGrid answer={answer} />}
      {answer.personal_hidden ? <p className="small sql-note">{say('hidden')}</p> : null}
    </Section>
  );
}
