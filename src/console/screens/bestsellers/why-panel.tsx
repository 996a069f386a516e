import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { RankChange, RankExplanation } from '../../../api/index.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import type { Authored, NamedTitle } from '../../i18n/title-text.ts';
import { Button, IconButton } from '../../parts/button.tsx';
import { Cover } from '../../parts/cover.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { Spark } from '../../parts/spark.tsx';
import { Waterfall } from '../../parts/waterfall.tsx';
import { messages } from './messages.ts';
import { changeQuery, explanationQuery, type ListView } from './queries.ts';
import { SaleLines } from './sale-lines.tsx';
import { useNames } from './use-list.ts';
import { useReasonName } from './use-reason.ts';

/** The counts behind a rank, as they are kept with the edition. */
interface Counted {
  readonly lines: number;
  readonly gross_copies: number;
  readonly minus: Readonly<Record<string, number>>;
  readonly counted: number;
  readonly per_day: readonly { readonly business_day: string; readonly count: number }[];
}

type Explained = RankExplanation & NamedTitle & Authored;

/** Why a title has its rank: from gross to counted, its neighbours, and what changed. */
export function WhyPanel({
  view,
  item,
  onClose,
}: {
  readonly view: ListView;
  readonly item: string;
  readonly onClose: () => void;
}): ReactNode {
  const { data, error, refetch } = useQuery(explanationQuery(view, item));
  const change = useQuery(changeQuery(view, item));
  if (error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton rows={9} height={30} />;
  return (
    <>
      <Heading explained={data} onClose={onClose} />
      <Counts explained={data} view={view} item={item} />
      {change.data === undefined ? (
        <Skeleton rows={4} height={30} />
      ) : (
        <Change change={change.data} list={view.list} />
      )}
    </>
  );
}

function Heading({
  explained,
  onClose,
}: {
  readonly explained: Explained;
  readonly onClose: () => void;
}): ReactNode {
  const say = useText(messages);
  const { titleName, authorName } = useNames(explained.list);
  const title = titleName(explained);
  return (
    <div className="bookline why-head">
      <Cover title={title} author={authorName(explained)} size={54} decorative />
      <div className="book-text">
        <h2>{say('why', { rank: explained.rank })}</h2>
        <div className="small">{title}</div>
        <div className="small">{authorName(explained)}</div>
        <Link className="link small" to="/titles/$item" params={{ item: explained.item_id }}>
          {say('titlePage')}
        </Link>
      </div>
      <span className="wide-only why-close">
        <IconButton icon="close" label={say('close')} onClick={onClose} />
      </span>
    </div>
  );
}

function Counts({
  explained,
  view,
  item,
}: {
  readonly explained: RankExplanation;
  readonly view: ListView;
  readonly item: string;
}): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const reasonName = useReasonName();
  const [lines, setLines] = useState(false);
  const counted = explained.explanation as unknown as Counted;
  const minus = Object.entries(counted.minus).toSorted(([, a], [, b]) => b - a);
  return (
    <>
      <Waterfall
        whole={{ label: say('gross'), value: counted.gross_copies }}
        minus={minus.map(([reason, copies]) => ({ label: reasonName(reason), value: copies }))}
        rest={{ label: say('counted'), value: counted.counted }}
      />
      {counted.per_day.length > 1 ? (
        <div className="per-day">
          <span className="small">{say('perDay')}</span>
          <Spark values={counted.per_day.map(({ count }) => count)} width={160} height={26} />
          <span className="small num">{format.number(counted.per_day.at(-1)?.count ?? 0)}</span>
        </div>
      ) : null}
      <Button className="why-lines no-print" onClick={() => setLines(true)}>
        {say('lines', { count: counted.lines })}
      </Button>
      <SaleLines view={view} item={item} open={lines} onClose={() => setLines(false)} />
    </>
  );
}

function Change({ change, list }: { readonly change: RankChange; readonly list: string }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { titleName } = useNames(list);
  const { previous, parts, rank } = change;
  const day = previous === null ? '' : format.dayShort(previous.business_day);
  const places = previous?.rank === null || previous === null ? 0 : previous.rank - rank;
  return (
    <>
      {change.neighbours.length === 0 ? null : (
        <>
          <h3 className="panel-head">{say('neighbours')}</h3>
          <table>
            <tbody>
              {change.neighbours.map((neighbour) => (
                <tr key={neighbour.item_id}>
                  <td>
                    {neighbour.rank} {titleName(neighbour)}
                  </td>
                  <td className="num">
                    {format.signed(neighbour.distance)}
                    {neighbour.distinguishable ? null : <span className="muted"> ({say('alike')})</span>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {previous === null ? (
        <p className="small panel-head">{say('firstList')}</p>
      ) : parts === null ? (
        <p className="small panel-head">{say('isNew', { day })}</p>
      ) : (
        <>
          <h3 className="panel-head">
            {say('moved', {
              day,
              move:
                places === 0
                  ? say('unmoved')
                  : say(places > 0 ? 'upBy' : 'downBy', { count: Math.abs(places) }),
            })}
          </h3>
          <table>
            <tbody>
              {(['own', 'others', 'rules', 'corrections'] as const).map((part) => (
                <tr key={part}>
                  <td>{say(part)}</td>
                  <td className={`num ${parts[part] > 0 ? 'up' : parts[part] < 0 ? 'down' : 'muted'}`}>
                    {format.signed(parts[part])}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </>
  );
}
