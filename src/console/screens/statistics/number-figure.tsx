import type { ReactNode } from 'react';
import { Figure } from '../../parts/figure.tsx';
import type { BlockNumber } from './page-types.ts';
import { directionOf, noteOf, type PageWords } from './words.ts';

/** A metric's number with its fair comparison and the way there. */
export function NumberFigure({
  number,
  words,
}: {
  readonly number: BlockNumber;
  readonly words: PageWords;
}): ReactNode {
  const { say, format } = words;
  const [first] = number.comparisons;
  const day = format.day(number.through);
  const toDate =
    number.grain === 'day' || number.complete
      ? undefined
      : say(number.grain === 'week' ? 'weekToDate' : 'monthToDate', { day });
  const on = first === undefined ? '' : format.day(first.day);
  const why = first === undefined ? undefined : noteOf(first.note, first.holiday, say);
  const notes = [
    toDate,
    why,
    first !== undefined && first.change === null ? say('noComparison', { day: on }) : undefined,
  ]
    .filter((note) => note !== undefined)
    .join(' · ');
  return (
    <Figure
      label={words.text(number.title)}
      value={number.value === null ? null : words.value(number.value, number.unit)}
      comparison={
        first === undefined || first.change === null
          ? undefined
          : {
              text: words.change(first.change, number.unit),
              direction: directionOf(first.change) || 'even',
              against: say(number.grain === 'day' ? 'againstDay' : 'againstToDate', { day: on }),
            }
      }
      note={notes === '' ? undefined : notes}
      trend={number.trend}
    />
  );
}
