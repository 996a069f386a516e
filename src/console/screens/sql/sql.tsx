import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useRef, useState, type ReactNode } from 'react';
import { RequestError } from '../../data/request.ts';
import { useSession } from '../../data/session.tsx';
import { useText } from '../../i18n/language.tsx';
import { Button } from '../../parts/button.tsx';
import type { CodeHandle } from '../../parts/code-editor.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { PageHead } from '../../parts/page.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import { useMedia } from '../../parts/use-media.ts';
import { HistorySheet } from './history-sheet.tsx';
import { messages } from './messages.ts';
import { ParameterRow } from './parameter-row.tsx';
import { tablesQuery } from './queries.ts';
import { Result } from './result.tsx';
import { SchemaBrowser } from './schema-browser.tsx';
import { ShareButton } from './share-button.tsx';
import { useQuestion } from './use-question.ts';
import { wordAt } from './word-at.ts';
import './sql.css';

const rowsShown = 10_000;
const Editor = lazy(async () => ({ default: (await import('./editor.tsx')).Editor }));

/** Questions in SQL. */
export function Sql(): ReactNode {
  const say = useText(messages);
  const { may } = useSession();
  if (!may('tables:read')) {
    return (
      <div className="page">
        <PageHead title={say('title')} />
        <ErrorState error={new RequestError(403, 'scope_missing')} />
      </div>
    );
  }
  return <Workbench />;
}

function Workbench(): ReactNode {
  const say = useText(messages);
  const { may } = useSession();
  const wide = useMedia('(min-width: 1024px)');
  const { data: schema, error, refetch } = useQuery(tablesQuery);
  const editor = useRef<CodeHandle>(null);
  const [side, setSide] = useState<'tables' | 'history'>();
  const { first, past, run, fields, personal, setPersonal, type, ask, stop, keepDraftBefore } = useQuestion();
  const replace = (sql: string): void => {
    keepDraftBefore(sql);
    editor.current?.replace(sql);
    setSide(undefined);
  };
  const wrong = run.state === 'failed' ? placeOf(run.error) : undefined;
  const browser = (
    <SchemaBrowser
      tables={schema?.tables}
      error={error}
      onRetry={() => void refetch()}
      onInsert={(name) => {
        setSide(undefined);
        editor.current?.insert(name);
      }}
      onFirstRows={(table) => replace(`select *\nfrom ${table}\nlimit 100`)}
    />
  );
  return (
    <div className="page wide sql">
      <PageHead
        title={say('title')}
        about={
          schema === undefined
            ? say('aboutWaiting')
            : say('about', { seconds: schema.seconds_max ?? 0, rows: rowsShown })
        }
        tools={
          <>
            {wide ? null : (
              <Button icon="table" onClick={() => setSide('tables')}>
                {say('tables')}
              </Button>
            )}
            <Button icon="clock" onClick={() => setSide('history')}>
              {say('history')}
            </Button>
            <ShareButton />
          </>
        }
      />
      <div className="cols side sql-cols">
        <div className="sql-main">
          <Suspense fallback={<pre className="sql-waiting">{first}</pre>}>
            <Editor
              ref={editor}
              label={say('editor')}
              text={first}
              tables={schema?.tables ?? []}
              wrong={wrong}
              onChange={type}
              onRun={ask}
            />
          </Suspense>
          <ParameterRow fields={fields} onRun={ask} />
          <div className="sql-bar">
            {run.state === 'running' ? (
              <Button icon="stop" onClick={stop}>
                {say('stop')}
              </Button>
            ) : (
              <Button primary icon="play" onClick={ask}>
                {say('run')} <kbd className="sql-key">Ctrl ↵</kbd>
              </Button>
            )}
            {may('personal:read') ? (
              <label className="sql-personal">
                <input
                  type="checkbox"
                  checked={personal}
                  onChange={(event) => setPersonal(event.target.checked)}
                />
                {say('personal')}
              </label>
            ) : null}
          </div>
          <Result
            run={run}
            tables={schema?.tables}
            onRetry={ask}
            onExample={replace}
            onGoTo={(place) => editor.current?.goTo((text) => wordAt(text, place))}
          />
        </div>
        {wide ? (
          <aside className="panel sql-panel" aria-label={say('tables')}>
            {browser}
          </aside>
        ) : (
          <Sheet
            open={side === 'tables'}
            onClose={() => setSide(undefined)}
            title={say('tables')}
            closeLabel={say('close')}
          >
            {browser}
          </Sheet>
        )}
      </div>
      <HistorySheet
        open={side === 'history'}
        past={past}
        onClose={() => setSide(undefined)}
        onChoose={replace}
      />
    </div>
  );
}

/** Where the server says that the SQL is not valid. */
function placeOf(error: unknown): { readonly line: number; readonly column: number } | undefined {
  const problem = error instanceof RequestError ? (error.problem as Record<string, unknown> | undefined) : {};
  const { line, column } = problem ?? {};
  return typeof line === 'number' ? { line, column: typeof column === 'number' ? column : 1 } : undefined;
}
