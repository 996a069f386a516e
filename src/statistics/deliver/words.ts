import { textIn } from '../../base/index.ts';
import type { Text } from '../page/spec.ts';
import type { Language } from './format.ts';

/** What messages say, in both languages; `{name}` is filled in. */
const words = {
  open_page: { ko: '콘솔에서 열기', en: 'Open in the console' },
  numbers_until: { ko: '{day}까지의 숫자', en: 'Numbers up to {day}' },
  not_all_rows: { ko: '{count}행이 더 있습니다.', en: '{count} more rows.' },
  broken: { ko: '이 부분은 계산하지 못했습니다: {reason}', en: 'This part could not be computed: {reason}' },
  empty: { ko: '이 기간에는 행이 없습니다.', en: 'No rows in this period.' },
  highest: { ko: '최고 {value}', en: 'highest {value}' },
  total: { ko: '합계', en: 'Total' },
  against_previous: { ko: '직전 대비', en: 'against the one before' },
  against_same_weekday: { ko: '지난주 같은 요일 대비', en: 'against the same weekday' },
  against_year: { ko: '지난해 대비', en: 'against last year' },
  firing: { ko: '경보 {count}건', en: { one: '{count} alert', other: '{count} alerts' } },
  all_quiet: { ko: '경보 없음', en: 'No alerts' },
  quiet: {
    ko: '이상 없는 규칙 {count}개',
    en: { one: '{count} rule is quiet', other: '{count} rules are quiet' },
  },
  unknown: {
    ko: '견줄 값이 없는 규칙: {names}',
    en: 'Nothing to hold against for: {names}',
  },
  below: { ko: '{value}, 하한 {limit} 미만입니다.', en: '{value}, below {limit}.' },
  above: { ko: '{value}, 상한 {limit}을 넘었습니다.', en: '{value}, above {limit}.' },
  changed: {
    ko: '{value}, {day} {before}에서 {change} 변했습니다.',
    en: '{value}, {change} from {before} on {day}.',
  },
  not_counted: {
    ko: '약속한 시각까지 집계되지 않았습니다.',
    en: 'It was not counted by the promised time.',
  },
} as const;

type Entry = (typeof words)[keyof typeof words];

/** Says one of the sentences in a language. English plurals go by `count`. */
export function say(
  language: Language,
  key: keyof typeof words,
  given: Readonly<Record<string, string | number>> = {},
): string {
  const entry: Entry = words[key];
  const text = language === 'ko' ? entry.ko : entry.en;
  const chosen =
    typeof text === 'string'
      ? text
      : new Intl.PluralRules('en').select(Number(given['count'])) === 'one'
        ? text.one
        : text.other;
  return chosen.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(given[name] ?? ''));
}

/** A declared text in a language. */
export function title(text: Text, language: Language): string {
  return textIn(text, language);
}
