import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ReaderShelf, RecommenderIndex } from '../../../api/index.ts';
import { useSession } from '../../data/session.tsx';
import { useFormat, useText } from '../../i18n/language.tsx';
import { Cover } from '../../parts/cover.tsx';
import { Empty } from '../../parts/empty.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Section } from '../../parts/page.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { messages } from './messages.ts';
import { readerListQuery, shelfQuery } from './queries.ts';
import type { Part } from './route.ts';
import { TitleList } from './title-list.tsx';
import { useKnown } from './use-known.ts';
import { useWords } from './words.ts';

type Recommender = RecommenderIndex['recommenders'][number];

/** A reader's shelf, and below it what each algorithm shows him. */
export function ReaderView({
  reader,
  recommenders,
  part,
}: {
  readonly reader: string;
  readonly recommenders: readonly Recommender[];
  /** The only part that is shown. */
  readonly part: Part | undefined;
}): ReactNode {
  const say = useText(messages);
  const known = useKnown(reader);
  if (known === undefined) return <Skeleton rows={8} height={48} />;
  if (!known) return <Empty what={say('noReader')}>{say('lookAgain', { id: reader })}</Empty>;
  return (
    <>
      {part === 'lists' ? null : <Shelf reader={reader} />}
      {part === 'shelf' ? null : (
        <div className="lists by-algorithm">
          {recommenders.map((recommender) => (
            <ReaderList key={recommender.recommender} reader={reader} recommender={recommender} />
          ))}
        </div>
      )}
    </>
  );
}

function Shelf({ reader }: { readonly reader: string }): ReactNode {
  const say = useText(messages);
  const { may } = useSession();
  const allowed = may('tables:read');
  const { data, error, refetch } = useQuery({ ...shelfQuery(reader), enabled: allowed });
  const more =
    data === undefined || data.titles === 0
      ? undefined
      : say('latest', { titles: data.titles, count: data.items.length });
  return (
    <Section title={say('shelf')} {...(more === undefined ? {} : { more })}>
      {!allowed ? (
        <p className="muted">{say('shelfForbidden')}</p>
      ) : error !== null ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton rows={3} height={48} />
      ) : data.titles === 0 ? (
        <p className="muted">{say('shelfEmpty')}</p>
      ) : (
        <ul className="shelf">
          {data.items.map((item) => (
            <ShelfTitle key={item.item_id} item={item} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function ShelfTitle({ item }: { readonly item: ReaderShelf['items'][number] }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const words = useWords();
  const name = words.title(item);
  const did = {
    purchase: say('bought'),
    rental: say('rented'),
    finish: say('finished'),
    reading: say('reading'),
  };
  const said = [
    item.rating === null ? undefined : say('rated', { stars: format.number(item.rating) }),
    ...Object.entries(did).map(([kind, text]) => (item.kinds.includes(kind) ? text : undefined)),
  ].filter((text) => text !== undefined);
  return (
    <li>
      <Link to="/titles/$item" params={{ item: item.item_id }}>
        <Cover title={name} author={words.author(item)} size={undefined} decorative />
        <span className="shelf-name">{name}</span>
      </Link>
      <span className="small">{said.join(' · ')}</span>
    </li>
  );
}

function ReaderList({
  reader,
  recommender: { recommender, algorithm, edition },
}: {
  readonly reader: string;
  readonly recommender: Recommender;
}): ReactNode {
  const say = useText(messages);
  const words = useWords();
  const { data, error, refetch } = useQuery({
    ...readerListQuery(reader, recommender),
    enabled: edition !== null,
  });
  return (
    <Section
      title={words.algorithm(recommender, algorithm)}
      {...(data?.fallback === true && algorithm !== 'popularity' ? { more: say('fallback') } : {})}
    >
      {edition === null ? (
        <p className="muted">{say('noEdition')}</p>
      ) : error !== null ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton rows={6} height={54} />
      ) : (
        <TitleList items={data.items} />
      )}
    </Section>
  );
}
