import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { EditionSummary } from '../../../api/index.ts';
import { editionsQuery } from '../../data/status.ts';
import { useFormat, useLanguage, useText } from '../../i18n/language.tsx';
import { Empty } from '../../parts/empty.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Section } from '../../parts/page.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { messages } from './messages.ts';

const hashLetters = 6;

/** What was published last. */
export function NewestEditions(): ReactNode {
  const say = useText(messages);
  const { data, error, refetch } = useQuery(editionsQuery);
  return (
    <Section title={say('editions')}>
      {error !== null && data === undefined ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton rows={6} height={34} />
      ) : data.editions.length === 0 ? (
        <Empty what={say('noEditions')}>{say('noEditionsNext')}</Empty>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{say('list')}</th>
              <th scope="col">{say('day')}</th>
              <th scope="col" className="num">
                {say('revision')}
              </th>
              <th scope="col" className="wide-only">
                {say('hash')}
              </th>
              <th scope="col" className="num">
                {say('at')}
              </th>
            </tr>
          </thead>
          <tbody>
            {data.editions.map((edition) => (
              <EditionRow key={edition.edition} edition={edition} />
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

/** The statistic that the evaluations of the recommenders are kept as. */
const evaluation = 'recommender_evaluation';

function EditionRow({ edition }: { readonly edition: EditionSummary }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { language } = useLanguage();
  const { kind, name, title } = edition;
  const label =
    title[language] ??
    title['en'] ??
    (kind === 'bestseller' ? name : name === evaluation ? say('evaluation') : say(kind, { name }));
  return (
    <tr>
      <td>
        {kind === 'bestseller' ? (
          <Link
            className="row-link"
            to="/bestsellers/$list"
            params={{ list: name }}
            search={{ edition: edition.edition }}
          >
            {label}
          </Link>
        ) : (
          label
        )}
      </td>
      <td className="nowrap">{format.dayShort(edition.business_day)}</td>
      <td className="num">{format.number(edition.revision)}</td>
      <td className="mono muted wide-only">{edition.content_hash.slice(0, hashLetters)}</td>
      <td className="num">{format.time(edition.published_at)}</td>
    </tr>
  );
}
