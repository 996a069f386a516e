import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/language.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Section } from '../../parts/page.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { messages } from './messages.ts';
import { versionsQuery } from './queries.ts';

/** What Octavo is, and what runs here. */
export function About(): ReactNode {
  const say = useText(messages);
  const { data, error, refetch } = useQuery(versionsQuery);
  return (
    <>
      <Section title="Octavo">
        <p className="text">{say('aboutOctavo')}</p>
        <p className="small settings-about">
          {say('licence', { name: data?.licence ?? 'Apache-2.0' })} ·{' '}
          <a className="link" href="/docs">
            {say('apiDocs')}
          </a>
        </p>
      </Section>
      <Section title={say('versions')}>
        {data === undefined ? (
          error === null ? (
            <Skeleton rows={5} height={30} />
          ) : (
            <ErrorState error={error} onRetry={() => void refetch()} />
          )
        ) : (
          <Facts
            facts={[
              [say('project'), data.project],
              ...data.parts.map(({ part, version }) => [part, version] as const),
            ]}
          />
        )}
      </Section>
    </>
  );
}
