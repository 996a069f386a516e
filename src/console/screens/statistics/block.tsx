import type { ReactNode } from 'react';
import type { BlockRows, PageData } from '../../../api/index.ts';
import { IconButton } from '../../parts/button.tsx';
import { Figure, Figures } from '../../parts/figure.tsx';
import { Menu } from '../../parts/menu.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { CohortTable, FunnelTable } from './shape-tables.tsx';
import { NumberFigure } from './number-figure.tsx';
import type { Problem, ShownBlock } from './page-types.ts';
import { saveBlock } from './queries.ts';
import { RowsTable } from './rows-table.tsx';
import { HeatChart, SeriesChart } from './series-chart.tsx';
import type { PageSearch } from './route.ts';
import type { PageWords } from './words.ts';

const figuresWaiting = 4;

/** What every kind of block is drawn from. */
export interface BlockProps {
  readonly title: string;
  readonly block: ShownBlock;
  readonly rows: BlockRows;
  readonly words: PageWords;
}

/** One block of a page in whatever state it is. */
export function Block({
  page,
  id,
  block,
  outcome,
  grain,
  search,
  words,
}: {
  readonly page: string;
  readonly id: string;
  readonly block: ShownBlock;
  readonly outcome: PageData['blocks'][string] | undefined;
  readonly grain: 'day' | 'week' | 'month';
  readonly search: PageSearch;
  readonly words: PageWords;
}): ReactNode {
  const title = words.text(block.title);
  const note = block.note === undefined ? null : <p className="small block-note">{words.text(block.note)}</p>;
  if (outcome !== undefined && 'problem' in outcome)
    return <Broken title={title} problem={outcome.problem} words={words} />;
  if (block.kind === 'numbers') {
    return (
      <Figures>
        {outcome === undefined
          ? Array.from({ length: figuresWaiting }, (_, place) => (
              <Figure key={place} label=" " value={undefined} />
            ))
          : outcome.numbers.map((number, place) => (
              <NumberFigure key={place} number={number} words={words} />
            ))}
      </Figures>
    );
  }
  if (outcome === undefined) {
    return (
      <section className="rule">
        <h2>{title}</h2>
        <Skeleton rows={5} />
      </section>
    );
  }
  const props = { title, block, rows: outcome, words };
  if (block.kind === 'line' || block.kind === 'bar' || block.kind === 'stacked') {
    return (
      <section className="rule">
        <SeriesChart {...props} grain={grain} />
        {note}
      </section>
    );
  }
  if (block.kind === 'heat') {
    return (
      <section className="rule">
        <HeatChart {...props} />
        {note}
      </section>
    );
  }
  const save = (format: 'csv' | 'xlsx') => () =>
    void saveBlock(page, id, { search, format, language: words.language });
  return (
    <section className="rule">
      <div className="sub block-head">
        <h2>{title}</h2>
        <span className="more no-print">
          <Menu
            trigger={<IconButton icon="export" label={`${words.say('export')}: ${title}`} />}
            groups={[
              {
                items: [
                  { key: 'csv', label: words.say('csv'), onSelect: save('csv') },
                  { key: 'xlsx', label: words.say('xlsx'), onSelect: save('xlsx') },
                ],
              },
            ]}
          />
        </span>
      </div>
      {outcome.rows.length === 0 ? (
        <p className="muted">{words.say('noRows')}</p>
      ) : block.kind === 'funnel' ? (
        <FunnelTable {...props} />
      ) : block.kind === 'cohort' ? (
        <CohortTable {...props} />
      ) : (
        <RowsTable {...props} />
      )}
      {outcome.truncated ? (
        <p className="small block-note">{words.say('truncated', { count: outcome.rows.length })}</p>
      ) : null}
      {note}
    </section>
  );
}

/** A part that cannot be shown: where its file is wrong, and why. */
export function Broken({
  title,
  problem,
  words,
}: {
  readonly title?: string;
  readonly problem: Problem;
  readonly words: PageWords;
}): ReactNode {
  const { file, line, message } = problem;
  return (
    <section className="rule broken" role="note">
      <h2>{title === undefined || title === '' ? words.say('broken') : title}</h2>
      <p className="mono" lang="en">
        <b>
          {file}:{line}
        </b>{' '}
        {message}
      </p>
      <p className="small">{words.say('brokenNext', { file, line: String(line) })}</p>
    </section>
  );
}
