import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  title: { ko: '책', en: 'Title' },
  by: { ko: '{author} · {price} · {id}', en: '{author} · {price} · {id}' },
  byNoPrice: { ko: '{author} · {id}', en: '{author} · {id}' },
  unknownAuthor: { ko: '저자 모름', en: 'author unknown' },
  best: {
    ko: '지금 가장 높은 자리는 {list} {category} {rank}위입니다.',
    en: 'Its best place now is number {rank}, {list}, {category}.',
  },
  nowhere: { ko: '지금은 어느 목록에도 없습니다.', en: 'It is on no list now.' },
  history: { ko: '순위의 흐름, 종합', en: 'Ranks over time, overall' },
  counted: { ko: '센 값의 흐름', en: 'Counted over time' },
  day: { ko: '날', en: 'Day' },
  places: { ko: '지금 자리', en: 'Where it stands now' },
  list: { ko: '목록', en: 'List' },
  category: { ko: '분야', en: 'Category' },
  rank: { ko: '순위', en: 'Rank' },
  movement: { ko: '변동', en: 'Change' },
  count: { ko: '센 값', en: 'Counted' },
  days: { ko: '목록에 있은 날', en: 'Days on it' },
  peak: { ko: '최고', en: 'Peak' },
  related: { ko: '함께 읽는 책', en: 'Read with it' },
  overall: { ko: '종합', en: 'Overall' },
  unknown: { ko: '이 책을 모릅니다', en: 'Nothing is known of this title' },
  unknownNext: { ko: '책 번호를 다시 보아 주십시오: {id}', en: 'Please look at its id again: {id}' },
  toLists: { ko: '베스트셀러로', en: 'To the bestsellers' },
  noHistory: {
    ko: '지난 {days}일 동안 어느 목록에도 오르지 않았습니다.',
    en: 'It was on no list in the last {days} days.',
  },
  caption: { ko: '{title}의 자리', en: 'Places of {title}' },
});
