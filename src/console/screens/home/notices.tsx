import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { CycleNotice, CycleStatus } from '../../../api/index.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { Section } from '../../parts/page.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { StatePill } from '../../parts/state-pill.tsx';
import { messages } from './messages.ts';

const shown = 6;

/** What is late, slow or wrong, and what has solved itself. */
export function Notices({ cycle }: { readonly cycle: CycleStatus | undefined }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const sentence = useSentence();
  return (
    <Section
      title={say('worth')}
      more={
        cycle === undefined ? undefined : <Link to="/runs">{say('allRuns', { count: cycle.tasks })}</Link>
      }
    >
      {cycle === undefined ? (
        <Skeleton rows={3} height={34} />
      ) : cycle.notices.length === 0 ? (
        <p className="muted">{say('nothingWorth')}</p>
      ) : (
        <table className="notice-table">
          <tbody>
            {cycle.notices.slice(0, shown).map((notice, index) => (
              <tr key={index}>
                <td>
                  <StatePill state={notice.level}>
                    {notice.level === 'ok' ? say('solved') : undefined}
                  </StatePill>
                </td>
                <td>
                  {notice.task === null ? (
                    sentence(notice)
                  ) : (
                    <Link
                      className="row-link"
                      to="/runs"
                      search={{ day: cycle.business_day, task: notice.task }}
                    >
                      {sentence(notice)}
                    </Link>
                  )}
                  {notice.detail === null ? null : (
                    <div className="small notice-detail" lang="en">
                      {notice.detail}
                    </div>
                  )}
                </td>
                <td className="num muted">{notice.at === null ? '' : format.time(notice.at)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

function useSentence(): (notice: CycleNotice) => string {
  const say = useText(messages);
  const format = useFormat();
  return (notice) => {
    const filling = {
      task: notice.task ?? '',
      count: notice.count ?? 0,
      time: format.duration(notice.count ?? 0),
      usual: format.duration(notice.usual ?? 0),
    };
    return say(notice.code, filling);
  };
}
