import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ItemRankings } from '../../../api/index.ts';
import { RequestError } from '../../data/request.ts';
import { useSession } from '../../data/session.tsx';
import { useFormat, useLanguage, useText } from '../../i18n/language.tsx';
import { authorIn, titleIn } from '../../i18n/title-text.ts';
import { Cover } from '../../parts/cover.tsx';
import { Empty } from '../../parts/empty.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { PageHead, Section } from '../../parts/page.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { messages } from './messages.ts';
import { rankingsQuery, relatedQuery } from './queries.ts';
import { RankHistory } from './rank-history.tsx';
import { TitlePlaces } from './title-places.tsx';
import { useTitleNames } from './use-title-names.ts';
import './title.css';

const route = getRouteApi('/titles/$item');

/** One title: where it stands and stood, and what goes with it. */
export function TitlePage(): ReactNode {
  const say = useText(messages);
  const { item } = route.useParams();
  const { data, error, refetch } = useQuery(rankingsQuery(item));
  if (error instanceof RequestError && error.code === 'item_not_found') return <Unknown item={item} />;
  return (
    <div className="page">
      {data === undefined ? (
        <>
          <PageHead title={say('title')} />
          {error === null ? (
            <Skeleton rows={10} height={30} />
          ) : (
            <ErrorState error={error} onRetry={() => void refetch()} />
          )}
        </>
      ) : (
        <>
          <Head title={data} />
          <RankHistory title={data} />
          <div className="cols title-cols">
            <TitlePlaces title={data} />
            <Related item={item} />
          </div>
        </>
      )}
    </div>
  );
}

function Head({ title }: { readonly title: ItemRankings }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { state } = useSession();
  const names = useTitleNames();
  const name = names.title(title);
  const author = names.author(title) ?? say('unknownAuthor');
  const best = title.places[0];
  const price = title.list_price === null ? undefined : Number(title.list_price);
  return (
    <div className="title-head">
      <Cover title={name} author={names.author(title)} size={96} decorative />
      <div>
        <PageHead
          title={name}
          about={
            <>
              {price === undefined || state === undefined
                ? say('byNoPrice', { author, id: title.item_id })
                : say('by', { author, price: format.moneyExact(price), id: title.item_id })}
              <br />
              {best === undefined
                ? say('nowhere')
                : say('best', {
                    list: names.list(best.list),
                    category: names.category(best.category),
                    rank: best.rank,
                  })}
            </>
          }
        />
      </div>
    </div>
  );
}

function Related({ item }: { readonly item: string }): ReactNode {
  const say = useText(messages);
  const { language } = useLanguage();
  const { data } = useQuery(relatedQuery(item));
  if (data === undefined || data.items.length === 0) return null;
  return (
    <Section title={say('related')}>
      <ul className="shelf related">
        {data.items.map((related) => {
          const name = titleIn(language, related);
          return (
            <li key={related.item_id}>
              <Link to="/titles/$item" params={{ item: related.item_id }}>
                <Cover title={name} author={authorIn(language, related)} size={undefined} decorative />
                <span className="shelf-name">{name}</span>
              </Link>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function Unknown({ item }: { readonly item: string }): ReactNode {
  const say = useText(messages);
  return (
    <div className="page">
      <PageHead title={say('unknown')} />
      <Empty
        what={say('unknownNext', { id: item })}
        action={
          <Link className="ctl" to="/bestsellers">
            {say('toLists')}
          </Link>
        }
      />
    </div>
  );
}
