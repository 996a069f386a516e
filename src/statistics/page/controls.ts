import { OctavoError, parseDay, suggestion, type BusinessDay } from '../../base/index.ts';
import { grains, periodStart, type Grain } from '../grain.ts';
import type { PageControls } from './page.ts';
import { rangePattern } from './spec.ts';

/** What an address chooses, as texts. */
export type ChosenControls = Readonly<Record<string, string>>;

/** A page's controls with every value settled. */
export interface Controls {
  readonly range: string;
  readonly from: BusinessDay;
  readonly to: BusinessDay;
  readonly grain: Grain;
  /** Null is all. */
  readonly choices: Readonly<Record<string, string | null>>;
}

/** What stands for every member of a choice. */
export const allMembers = 'all';
const valueLengthMax = 200;
const rangeDaysMax = 1_200;

/**
 * Settles the controls: what is chosen, else the page's own. `newest` is the last published day.
 * Errors: `argument_invalid` for a control that the page lacks or a value that it does not take.
 */
export function settleControls(page: PageControls, chosen: ChosenControls, newest: BusinessDay): Controls {
  const choices = new Map(page.choices.map((choice) => [choice.name, choice]));
  const known = ['range', 'to', 'grain', ...choices.keys()];
  for (const name of Object.keys(chosen)) {
    if (!known.includes(name))
      throw new OctavoError(
        'argument_invalid',
        `the page has no control '${name}'${suggestion(name, known)}`,
      );
  }
  const grain = grains.find((each) => each === (chosen['grain'] ?? page.grain));
  if (grain === undefined || !page.grains.includes(grain)) {
    throw new OctavoError(
      'argument_invalid',
      `grain is '${chosen['grain'] ?? ''}', this page has ${page.grains.join(', ')}`,
    );
  }
  const range = chosen['range'] ?? page.range;
  if (!new RegExp(rangePattern).test(range))
    throw new OctavoError(
      'argument_invalid',
      `range is '${range}', expected such as 31d, 13w, 12m or 2026-10-01..2026-10-31`,
    );
  const asked = chosen['to'] === undefined ? newest : parseDay(chosen['to']);
  const { from, to } = spanOf(range, asked > newest ? newest : asked, newest);
  return {
    range,
    from,
    to,
    grain,
    choices: Object.fromEntries(
      [...choices].map(([name, choice]) => {
        const value = chosen[name] ?? choice.default ?? allMembers;
        if (value.length > valueLengthMax) throw new OctavoError('argument_invalid', `${name} is too long`);
        return [name, value === allMembers ? null : value];
      }),
    ),
  };
}

function spanOf(
  range: string,
  to: BusinessDay,
  newest: BusinessDay,
): { readonly from: BusinessDay; readonly to: BusinessDay } {
  const [first = '', last] = range.split('..');
  if (last !== undefined) {
    const [from, through] = [parseDay(first), parseDay(last)];
    if (from > through) throw new OctavoError('argument_invalid', `range ${range} ends before it begins`);
    return checked(from, through > newest ? newest : through);
  }
  const date = Temporal.PlainDate.from(to);
  if (range === 'week' || range === 'month') return { from: periodStart(range, to), to };
  if (range === 'year') return { from: date.with({ month: 1, day: 1 }).toString(), to };
  const count = Number(range.slice(0, -1));
  const unit = range.at(-1);
  if (unit === 'd') return checked(date.subtract({ days: count - 1 }).toString(), to);
  if (unit === 'w')
    return checked(
      Temporal.PlainDate.from(periodStart('week', to))
        .subtract({ weeks: count - 1 })
        .toString(),
      to,
    );
  return checked(
    date
      .with({ day: 1 })
      .subtract({ months: count - 1 })
      .toString(),
    to,
  );
}

function checked(
  from: BusinessDay,
  to: BusinessDay,
): { readonly from: BusinessDay; readonly to: BusinessDay } {
  const days = Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'day' }).days;
  if (days >= rangeDaysMax)
    throw new OctavoError('argument_invalid', `a range has at most ${rangeDaysMax} days`);
  return { from: from > to ? to : from, to };
}
