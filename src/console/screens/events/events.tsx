import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { RequestError } from '../../data/request.ts';
import { useSession } from '../../data/session.tsx';
import { trafficQuery } from '../../data/status.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { PageHead } from '../../parts/page.tsx';
import { Failed } from './failed.tsx';
import { Kinds } from './kinds.tsx';
import { LiveTail } from './live-tail.tsx';
import { messages } from './messages.ts';
import { failedQuery, kindsQuery } from './queries.ts';
import { eventParts, type EventPart } from './route.ts';
import '../../parts/part-tabs.css';
import './events.css';

const route = getRouteApi('/events');
const parts: Record<EventPart, () => ReactNode> = { live: LiveTail, kinds: Kinds, failed: Failed };

/** What comes in: as it comes, by kind, and what was refused. */
export function Events(): ReactNode {
  const say = useText(messages);
  const { may } = useSession();
  return may('status:read') ? (
    <EventParts />
  ) : (
    <div className="page">
      <PageHead title={say('title')} />
      <ErrorState error={new RequestError(403, 'scope_missing')} />
    </div>
  );
}

function EventParts(): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { may } = useSession();
  // Who may not ask the tables sees why events were refused, and no event.
  const shown = may('tables:read') ? eventParts : (['failed'] as const);
  const { part: wanted = 'live' } = route.useSearch();
  const part = shown.find((known) => known === wanted) ?? shown[0];
  const { data: traffic } = useQuery(trafficQuery);
  const { data: kinds } = useQuery({ ...kindsQuery, enabled: may('tables:read') });
  const { data: failed } = useQuery(failedQuery);
  const Part = parts[part];
  const rate = traffic?.per_second;
  const title =
    rate === undefined
      ? say('title')
      : rate < 0.05
        ? say('headlineNone')
        : say('headline', { rate: format.number(rate, rate < 10 ? 1 : 0) });
  return (
    <div className="page events">
      <PageHead
        title={title}
        documentTitle={say('title')}
        about={
          kinds === undefined || failed === undefined
            ? may('tables:read')
              ? ' '
              : undefined
            : say('about', {
                count: format.number(kinds.kinds.reduce((sum, { events }) => sum + events, 0)),
                failed: format.number(failed.total),
              })
        }
      />
      <nav className="part-tabs" aria-label={say('parts')}>
        {shown.map((known) => (
          <Link
            key={known}
            to="/events"
            search={known === 'live' ? {} : { part: known }}
            activeOptions={{ exact: true, includeSearch: true }}
            {...(known === part ? { 'aria-current': 'page' as const } : {})}
          >
            {say(known)}
            {known === 'failed' && failed !== undefined && failed.total > 0 ? (
              <span className="small events-count">{format.number(failed.total)}</span>
            ) : null}
          </Link>
        ))}
      </nav>
      <Part />
    </div>
  );
}
