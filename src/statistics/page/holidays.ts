import type { BusinessDay } from '../../base/index.ts';

/** The days on which a country rests. */
export interface Holidays {
  /** The holiday's name; undefined on other days. Sundays are no holidays here. */
  nameOf(day: BusinessDay): string | undefined;
  /** The same holiday's day of the year before. */
  sameLastYear(day: BusinessDay): BusinessDay | undefined;
}

/** A day that a project adds: `{ day: 2026-06-03, name: 지방선거 }`. */
export interface OwnHoliday {
  readonly day: BusinessDay;
  readonly name: string;
}

interface FixedHoliday {
  readonly name: string;
  readonly month: number;
  readonly day: number;
  /** From this year on a day off is given for one that falls on a Saturday or Sunday. */
  readonly substituteFrom?: number;
}

const fixed: readonly FixedHoliday[] = [
  { name: '신정', month: 1, day: 1 },
  { name: '삼일절', month: 3, day: 1, substituteFrom: 2022 },
  { name: '어린이날', month: 5, day: 5, substituteFrom: 2014 },
  { name: '현충일', month: 6, day: 6 },
  { name: '광복절', month: 8, day: 15, substituteFrom: 2021 },
  { name: '개천절', month: 10, day: 3, substituteFrom: 2021 },
  { name: '한글날', month: 10, day: 9, substituteFrom: 2021 },
  { name: '성탄절', month: 12, day: 25, substituteFrom: 2023 },
];
/** Days of the lunar calendar, with the days before and after that are free too. */
const lunar = [
  { name: '설날', month: 1, day: 1, around: 1, substituteFrom: 2014, saturdays: false },
  { name: '부처님오신날', month: 4, day: 8, around: 0, substituteFrom: 2023, saturdays: true },
  { name: '추석', month: 8, day: 15, around: 1, substituteFrom: 2014, saturdays: false },
] as const;

const [saturday, sunday] = [6, 7];

/**
 * South Korea's public holidays by rule: fixed days, the lunar ones by the Dangi calendar, and
 * substitute days. Days that a government declares once (elections, bridge days) are the project's to add.
 */
export function koreanHolidays(own: readonly OwnHoliday[] = []): Holidays {
  const years = new Map<number, ReadonlyMap<BusinessDay, string>>();
  const ofYear = (year: number): ReadonlyMap<BusinessDay, string> => {
    let days = years.get(year);
    if (days === undefined) {
      days = daysOf(year, own);
      years.set(year, days);
    }
    return days;
  };
  const nameOf: Holidays['nameOf'] = (day) => ofYear(Number(day.slice(0, 4))).get(day);
  return {
    nameOf,
    sameLastYear: (day) => {
      const [year, name] = [Number(day.slice(0, 4)), nameOf(day)];
      const place = [...ofYear(year)].filter(([, each]) => each === name).findIndex(([each]) => each === day);
      return [...ofYear(year - 1)].filter(([, each]) => each === name)[place]?.[0];
    },
  };
}

/** A calendar without holidays, for a store elsewhere. */
export function ownHolidays(own: readonly OwnHoliday[]): Holidays {
  const names = new Map(own.map(({ day, name }) => [day, name]));
  return { nameOf: (day) => names.get(day), sameLastYear: () => undefined };
}

function daysOf(year: number, own: readonly OwnHoliday[]): ReadonlyMap<BusinessDay, string> {
  const days = new Map<BusinessDay, string>();
  const substitutes: { readonly after: Temporal.PlainDate; readonly name: string }[] = [];
  for (const { name, month, day, substituteFrom } of fixed) {
    const date = Temporal.PlainDate.from({ year, month, day });
    const clash = days.has(date.toString()) || date.dayOfWeek >= saturday;
    if (clash && substituteFrom !== undefined && year >= substituteFrom)
      substitutes.push({ after: date, name });
    days.set(date.toString(), name);
  }
  for (const { name, month, day, around, substituteFrom, saturdays } of lunar) {
    const middle = lunarDay(year, month, day);
    const dates = Array.from({ length: 2 * around + 1 }, (_, index) => middle.add({ days: index - around }));
    const clashes = dates.some(
      (date) =>
        days.has(date.toString()) || date.dayOfWeek === sunday || (saturdays && date.dayOfWeek === saturday),
    );
    for (const date of dates) days.set(date.toString(), days.get(date.toString()) ?? name);
    if (clashes && year >= substituteFrom) substitutes.push({ after: middle.add({ days: around }), name });
  }
  for (const { after, name } of substitutes) {
    let date = after;
    do date = date.add({ days: 1 });
    while (days.has(date.toString()) || date.dayOfWeek >= saturday);
    days.set(date.toString(), `${name} 대체공휴일`);
  }
  for (const { day, name } of own) if (day.startsWith(`${year}-`)) days.set(day, name);
  return new Map([...days].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The day of the Dangi calendar, never of a leap month. */
function lunarDay(year: number, month: number, day: number): Temporal.PlainDate {
  const monthCode = `M${String(month).padStart(2, '0')}`;
  return Temporal.PlainDate.from({ calendar: 'dangi', year, monthCode, day }).withCalendar('iso8601');
}
