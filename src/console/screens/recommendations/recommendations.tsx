import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useSession } from '../../data/session.tsx';
import { useFormat, useText } from '../../i18n/language.tsx';
import { Button } from '../../parts/button.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { PageHead } from '../../parts/page.tsx';
import { Segment } from '../../parts/segment.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { rankingsQuery } from '../titles/queries.ts';
import { Evaluation } from './evaluation.tsx';
import { messages } from './messages.ts';
import { recommendersQuery, shelfQuery } from './queries.ts';
import { ReaderView } from './reader-view.tsx';
import { parts } from './route.ts';
import { TitleView } from './title-view.tsx';
import { useKnown } from './use-known.ts';
import { useWords } from './words.ts';
import './recommendations.css';

const route = getRouteApi('/recommendations');
const readKinds = ['reading', 'finish'] as const;

/** What readers see and why, and how good the algorithms are. */
export function Recommendations(): ReactNode {
  const { reader, item, part } = route.useSearch();
  const { data, error, refetch } = useQuery(recommendersQuery);
  const of = (gives: 'personal' | 'related') => data?.recommenders.filter((one) => one.gives === gives) ?? [];
  return (
    <div className="page">
      <Head />
      <PartChooser />
      {part === undefined || part === 'evaluation' ? <Evaluation /> : null}
      {part === 'evaluation' || (reader === undefined && item === undefined) ? null : error !== null ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton rows={8} height={48} />
      ) : reader === undefined ? (
        <TitleView item={item ?? ''} recommenders={of('related')} />
      ) : (
        <ReaderView reader={reader} recommenders={of('personal')} part={part} />
      )}
    </div>
  );
}

/** All of it, or one part alone; it stands in the address. */
function PartChooser(): ReactNode {
  const say = useText(messages);
  const navigate = route.useNavigate();
  const { reader, item, part } = route.useSearch();
  if (reader === undefined && item === undefined) return null;
  const offered = parts.filter((one) => one !== 'shelf' || reader !== undefined);
  return (
    <div className="no-print">
      <Segment
        label={say('part')}
        value={part ?? 'all'}
        options={[
          { value: 'all', label: say('all') },
          ...offered.map((value) => ({ value, label: say(value) })),
        ]}
        onChange={(chosen) =>
          void navigate({
            search: ({ part: _before, ...rest }) => (chosen === 'all' ? rest : { ...rest, part: chosen }),
            replace: true,
            resetScroll: false,
          })
        }
      />
    </div>
  );
}

function Head(): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const words = useWords();
  const { may } = useSession();
  const { reader, item } = route.useSearch();
  const { data: recommenders } = useQuery(recommendersQuery);
  const known = useKnown(reader);
  const shelf = useQuery({
    ...shelfQuery(reader ?? ''),
    enabled: reader !== undefined && known === true && may('tables:read'),
  }).data;
  const title = useQuery({ ...rankingsQuery(item ?? ''), enabled: item !== undefined }).data;
  const day = recommenders?.recommenders.find(({ edition }) => edition !== null)?.edition?.business_day;
  const edition = day === undefined ? undefined : say('edition', { day: format.dayShort(day) });
  const about =
    reader !== undefined && shelf !== undefined && shelf.titles > 0
      ? say('shelfAbout', {
          days: daysOf(shelf.from, shelf.to),
          titles: shelf.titles,
          bought: shelf.kinds['purchase'] ?? 0,
          rated: shelf.kinds['rating'] ?? 0,
          read: readKinds.reduce((sum, kind) => sum + (shelf.kinds[kind] ?? 0), 0),
        })
      : reader === undefined && item === undefined
        ? say('about')
        : undefined;
  return (
    <PageHead
      title={
        reader !== undefined
          ? say('reader', { id: reader })
          : item === undefined
            ? say('title')
            : say('item', { title: title === undefined ? item : words.title(title) })
      }
      about={[about, edition].filter((part) => part !== undefined).join(' · ')}
      tools={<Choose />}
    />
  );
}

/** Another reader or title by its id. */
function Choose(): ReactNode {
  const say = useText(messages);
  const navigate = route.useNavigate();
  const [id, setId] = useState('');
  const go = (kind: 'reader' | 'item'): void => {
    if (id.trim() !== '')
      void navigate({ search: kind === 'reader' ? { reader: id.trim() } : { item: id.trim() } });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    go('reader');
  };
  return (
    <form className="choose-form no-print" onSubmit={submit}>
      <input
        className="ctl"
        aria-label={say('choose')}
        placeholder={say('choose')}
        value={id}
        onChange={(event) => setId(event.target.value)}
      />
      <Button onClick={() => go('reader')}>{say('showReader')}</Button>
      <Button onClick={() => go('item')}>{say('showItem')}</Button>
    </form>
  );
}

function daysOf(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
}
