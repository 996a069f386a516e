import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ListPage } from '../../../api/index.ts';
import { useSession } from '../../data/session.tsx';
import { cycleQuery } from '../../data/status.ts';
import { addDays } from '../../i18n/format.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { Banner } from '../../parts/banner.tsx';
import { messages } from './messages.ts';
import { listEditionsQuery, type ListView } from './queries.ts';

/** Says when what is shown is not the newest that could be. */
export function ListBanner({
  view,
  page,
}: {
  readonly view: ListView;
  readonly page: ListPage | undefined;
}): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { state, may } = useSession();
  const { data: cycle } = useQuery({ ...cycleQuery, enabled: may('status:read') });
  const { data: editions } = useQuery(listEditionsQuery(view.list));
  if (page === undefined || state === undefined) return null;
  const known = editions?.editions.find(({ edition }) => edition === page.edition);
  if (view.edition !== undefined && known?.current === false) {
    return (
      <Banner what={say('older')}>
        <Link
          className="link"
          to="/bestsellers/$list"
          params={{ list: view.list }}
          search={{ date: page.business_day }}
        >
          {say('current')}
        </Link>
      </Banner>
    );
  }
  const yesterday = addDays(state.store.business_day, -1);
  if (view.date !== undefined || view.edition !== undefined || page.business_day >= yesterday) return null;
  const at = cycle?.business_day === yesterday ? cycle.forecast?.expected_at : undefined;
  const next = [
    say('youSee', { day: format.dayShort(page.business_day) }),
    ...(at === undefined ? [] : [say('expected', { time: format.time(at) })]),
  ].join(' ');
  return <Banner what={say('notYet', { day: format.dayShort(yesterday) })} next={next} />;
}
