import { useQuery } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import type { Configuration } from '../../../api/index.ts';
import { useLanguage, useText } from '../../i18n/language.tsx';
import { DataTable, type Column } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Section } from '../../parts/page.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { DescribedText, textIn } from '../../i18n/text-in.tsx';
import { messages } from './messages.ts';
import { configurationQuery } from './queries.ts';

type Entry = Configuration['entries'][number];

/** The configuration as it holds, and where each value comes from. */
export function ConfigurationTable(): ReactNode {
  const say = useText(messages);
  const { language } = useLanguage();
  const { data, error, refetch } = useQuery(configurationQuery);
  const [wanted, setWanted] = useState('');
  const text = wanted.trim().toLowerCase();
  const columns = useMemo(
    (): readonly Column<Entry>[] => [
      {
        id: 'key',
        head: say('key'),
        width: '46%',
        value: ({ key }) => key,
        cell: ({ key, description, variable }) => (
          <>
            <span className="mono title" {...(variable === null ? {} : { title: variable })}>
              {key}
            </span>
            <br />
            <span className="small">
              <DescribedText text={description} />
            </span>
          </>
        ),
      },
      {
        id: 'value',
        head: say('value'),
        value: ({ value }) => value,
        cell: ({ value, secret, origin }) =>
          value === null ? (
            <span className="muted">{say(secret && origin !== 'default' ? 'secretSet' : 'notSet')}</span>
          ) : (
            <span className="mono settings-value">{unfolded(value)}</span>
          ),
      },
      {
        id: 'origin',
        head: say('from'),
        value: ({ origin }) => origin,
        cell: ({ origin }) => (
          <span className={origin === 'default' ? 'muted nowrap' : 'nowrap'}>{say(origin)}</span>
        ),
      },
    ],
    [say],
  );
  const rows = data?.entries.filter(({ key, description }) =>
    [key, textIn(language, description)].some((words) => words.toLowerCase().includes(text)),
  );
  return (
    <Section
      title={say('configuration')}
      more={
        <input
          className="ctl"
          type="search"
          aria-label={say('find')}
          placeholder={say('find')}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
      }
    >
      <p className="text settings-about">{say('configurationAbout', { file: 'octavo.config.ts' })}</p>
      {rows === undefined ? (
        error === null ? (
          <Skeleton rows={10} height={44} />
        ) : (
          <ErrorState error={error} onRetry={() => void refetch()} />
        )
      ) : (
        <DataTable
          caption={say('configuration')}
          columns={columns}
          rows={rows}
          keyOf={({ key }) => key}
          empty={<Empty what={say('nothingFound')} />}
        />
      )}
    </Section>
  );
}

const shortMax = 60;

/** A long value that is JSON with a line for each of its parts. */
function unfolded(value: string): string {
  if (value.length <= shortMax || !/^[[{]/.test(value)) return value;
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}
