import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { RecommenderEvaluation } from '../../../api/index.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { DataTable, type Column } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Section } from '../../parts/page.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { messages } from './messages.ts';
import { evaluationQuery } from './queries.ts';
import { useWords } from './words.ts';

type Evaluated = NonNullable<RecommenderEvaluation['evaluation']>;
type Row = Evaluated['rows'][number];
const digits = 3;
const trackHeight = 20;

/** The algorithms side by side, by how often they were right. */
export function Evaluation(): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { data, error, refetch } = useQuery(evaluationQuery);
  const evaluated = data?.evaluation;
  return (
    <Section
      title={say('compared')}
      {...(evaluated === null || evaluated === undefined
        ? {}
        : {
            more: say('comparedMore', {
              trained: format.dayShort(evaluated.train_to),
              tested: format.dayShort(evaluated.test_to),
              readers: format.number(evaluated.readers),
            }),
          })}
    >
      {error !== null ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : evaluated === undefined ? (
        <Skeleton rows={4} height={36} />
      ) : evaluated === null ? (
        <Empty what={say('noEvaluation')}>{say('noEvaluationNext')}</Empty>
      ) : (
        <Compared evaluated={evaluated} />
      )}
    </Section>
  );
}

function Compared({ evaluated }: { readonly evaluated: Evaluated }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const words = useWords();
  const { k, rows } = evaluated;
  const top = Math.max(...rows.map(({ recall }) => recall.high), Number.MIN_VALUE);
  const number = (id: 'hit_rate' | 'coverage' | 'continuation', head: string): Column<Row> => ({
    id,
    head,
    value: (row) => row[id],
    cell: (row) => format.percent(row[id], 0),
    numeric: true,
    wideOnly: true,
  });
  const columns: readonly Column<Row>[] = [
    {
      id: 'algorithm',
      head: say('algorithm'),
      value: (row) => row.recommender,
      cell: (row) => (
        <>
          <span className="title">{words.algorithm(row.recommender, row.algorithm)}</span>
          <div className="small">{row.recommender}</div>
        </>
      ),
    },
    {
      id: 'recall',
      head: say('recall', { k }),
      value: (row) => row.recall.mean,
      cell: (row, index) => <Interval interval={row.recall} top={top} place={index} />,
    },
    {
      id: 'ndcg',
      head: say('ndcg', { k }),
      value: (row) => row.ndcg.mean,
      cell: (row) => format.number(row.ndcg.mean, digits),
      numeric: true,
    },
    {
      id: 'ahead',
      head: say('ahead'),
      value: (row) => row.ahead?.recall.mean,
      cell: (row) =>
        row.ahead === null
          ? say('baseline')
          : `${format.number(row.ahead.recall.low, digits)} – ${format.number(row.ahead.recall.high, digits)}`,
      numeric: true,
      wideOnly: true,
    },
    number('hit_rate', say('hitRate')),
    number('coverage', say('coverage')),
    number('continuation', say('continuation')),
  ];
  return (
    <DataTable
      caption={say('comparedCaption')}
      columns={columns}
      rows={rows}
      keyOf={(row) => row.recommender}
      sort={{ column: 'recall', direction: 'descending' }}
    />
  );
}

/** A dot with the line of its interval, on one scale for all rows. */
function Interval({
  interval,
  top,
  place,
}: {
  readonly interval: Row['recall'];
  readonly top: number;
  readonly place: number;
}): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const at = (value: number): string => `${2.5 + (value / top) * 95}%`;
  const text = (value: number): string => format.number(value, digits);
  const colour = `var(--c${(place % 8) + 1})`;
  const middle = trackHeight / 2;
  return (
    <span className="interval">
      <svg height={trackHeight} aria-hidden="true">
        <line x1="0" x2="100%" y1={middle} y2={middle} stroke="var(--line)" />
        <line
          x1={at(interval.low)}
          x2={at(interval.high)}
          y1={middle}
          y2={middle}
          stroke={colour}
          strokeWidth="3"
          strokeLinecap="round"
        />
        <circle cx={at(interval.mean)} cy={middle} r="5" fill={colour} />
      </svg>
      <b className="num" aria-hidden="true">
        {text(interval.mean)}
      </b>
      <span className="unseen">
        {say('intervalText', {
          mean: text(interval.mean),
          low: text(interval.low),
          high: text(interval.high),
        })}
      </span>
    </span>
  );
}
