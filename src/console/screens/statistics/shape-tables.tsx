import type { ReactNode } from 'react';
import type { BlockProps } from './block.tsx';
import { directionOf, type PageWords } from './words.ts';

const percentMost = 100;

/** A funnel: each step as a bar of the first, with the share of the one before. */
export function FunnelTable({ title, rows: answer, words, block }: BlockProps): ReactNode {
  const { say } = words;
  const compared = answer.rows.some((row) => row[4] !== null);
  return (
    <table className="funnel">
      <caption className="unseen">{title}</caption>
      <thead>
        <tr>
          <th scope="col">{say('step')}</th>
          <th scope="col" className="wide-only" aria-label={say('ofFirst')} />
          <th scope="col" className="num">
            {say('value')}
          </th>
          <th scope="col" className="num wide-only">
            {say('ofFirst')}
          </th>
          <th scope="col" className="num">
            {say('ofPrevious')}
          </th>
          {compared ? (
            <th scope="col" className="num wide-only">
              {block.compare === undefined ? say('change') : say(block.compare)}
            </th>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {answer.rows.map(([step, value, ofFirst, ofPrevious, change], place) => (
          <tr key={place}>
            <th scope="row">{words.member(String(step))}</th>
            <td className="wide-only funnel-bar" aria-hidden="true">
              <span
                className="bar-fill"
                style={{ width: `${percentMost * Math.min(1, Number(ofFirst ?? 0))}%` }}
              />
            </td>
            <td className="num">{words.value(typeof value === 'number' ? value : null, 'count')}</td>
            <td className="num wide-only">{shareText(ofFirst, words)}</td>
            <td className="num">{place === 0 ? '' : shareText(ofPrevious, words)}</td>
            {compared ? (
              <td className="num wide-only">
                {typeof change === 'number' ? (
                  <span className={directionOf(change)}>{words.change(change, 'count')}</span>
                ) : (
                  '–'
                )}
              </td>
            ) : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Cohorts: a row each, what is left of it at every age, the more the deeper. */
export function CohortTable({ title, block, rows: answer, words }: BlockProps): ReactNode {
  const { say } = words;
  const ages = answer.columns.slice(2);
  const [first] = answer.columns;
  const age = block.age === 'day' ? 'ageDay' : block.age === 'month' ? 'ageMonth' : 'ageWeek';
  return (
    <div className="cohort-frame" tabIndex={0} role="region" aria-label={title}>
      <table className="cohort">
        <caption className="unseen">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{say('cohort')}</th>
            <th scope="col" className="num">
              {say('size')}
            </th>
            {ages.map(({ name }) => (
              <th key={name} scope="col" className="num">
                {say(age, { age: Number(name) })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.rows.map(([cohort = null, size = null, ...values]) => (
            <tr key={String(cohort)}>
              <th scope="row" className="nowrap">
                {words.cell(cohort, first ?? { type: 'text', unit: null, role: 'axis' })}
              </th>
              <td className="num">{words.value(typeof size === 'number' ? size : null, 'count')}</td>
              {values.map((value, place) => (
                <td key={place} className="num cohort-cell" style={depthOf(value)}>
                  {typeof value === 'number' ? words.format.percent(value, 0) : ''}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function depthOf(value: unknown): { readonly background?: string } {
  if (typeof value !== 'number') return {};
  const percent = Math.round(percentMost * Math.max(0, Math.min(1, value)));
  return { background: `color-mix(in srgb, var(--q3) ${percent}%, transparent)` };
}

function shareText(value: unknown, words: PageWords): string {
  return typeof value === 'number' ? words.format.percent(value) : '–';
}
