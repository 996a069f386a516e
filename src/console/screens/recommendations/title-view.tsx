import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { RecommenderIndex } from '../../../api/index.ts';
import { RequestError } from '../../data/request.ts';
import { useText } from '../../i18n/language.tsx';
import { Empty } from '../../parts/empty.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Section } from '../../parts/page.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { messages } from './messages.ts';
import { relatedListQuery } from './queries.ts';
import { TitleList } from './title-list.tsx';
import { useWords } from './words.ts';

type Recommender = RecommenderIndex['recommenders'][number];

/** What each algorithm shows beside a title. */
export function TitleView({
  item,
  recommenders,
}: {
  readonly item: string;
  readonly recommenders: readonly Recommender[];
}): ReactNode {
  return (
    <div className="lists by-algorithm">
      {recommenders.map((recommender) => (
        <RelatedList key={recommender.recommender} item={item} recommender={recommender} />
      ))}
    </div>
  );
}

function RelatedList({
  item,
  recommender: { recommender, algorithm, edition },
}: {
  readonly item: string;
  readonly recommender: Recommender;
}): ReactNode {
  const say = useText(messages);
  const words = useWords();
  const { data, error, refetch } = useQuery({
    ...relatedListQuery(item, recommender),
    enabled: edition !== null,
  });
  const unknown = error instanceof RequestError && error.code === 'item_not_found';
  return (
    <Section title={words.algorithm(recommender, algorithm)}>
      {edition === null ? (
        <p className="muted">{say('noEdition')}</p>
      ) : unknown ? (
        <Empty what={say('noItem')}>{say('lookAgain', { id: item })}</Empty>
      ) : error !== null ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton rows={6} height={54} />
      ) : data.items.length === 0 ? (
        <p className="muted">{say('noneRelated')}</p>
      ) : (
        <TitleList
          items={data.items}
          reason={(one) => (one.reason === 'next_in_series' ? words.reason(one) : say('relatedReason'))}
        />
      )}
    </Section>
  );
}
