import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  title: { ko: '이벤트', en: 'Events' },
  headline: { ko: '이벤트가 1초에 {rate}건 들어옵니다', en: '{rate} events a second come in' },
  headlineNone: { ko: '지금은 들어오는 이벤트가 없습니다', en: 'No events come in just now' },
  about: {
    ko: '최근 24시간 {count}건. 거절 {failed}건은 까닭별로 볼 수 있습니다.',
    en: '{count} in the last 24 hours. What was refused stands by reason ({failed}).',
  },
  parts: { ko: '이벤트의 부분', en: 'Parts of the events' },
  live: { ko: '지금', en: 'Live' },
  kinds: { ko: '종류', en: 'Kinds' },
  failed: { ko: '거절', en: 'Refused' },
  close: { ko: '닫기', en: 'Close' },
  // live
  pause: { ko: '멈춤', en: 'Pause' },
  resume: { ko: '이어 보기', en: 'Resume' },
  paused: {
    ko: '멈춰 있습니다. 그사이 {count}건이 왔습니다.',
    en: { one: 'Paused. One event came since.', other: 'Paused. {count} events came since.' },
  },
  kind: { ko: '종류', en: 'Kind' },
  anyKind: { ko: '모두', en: 'any' },
  source: { ko: '보낸 곳', en: 'Source' },
  reader: { ko: '독자', en: 'Reader' },
  text: { ko: '글자', en: 'Text' },
  refusedOnly: { ko: '거절된 것만', en: 'refused only' },
  clear: { ko: '조건 지우기', en: 'Clear' },
  rate: { ko: '{count}건/초', en: '{count}/s' },
  missed: {
    ko: '너무 빨라 보이지 않은 것 {count}건',
    en: { one: '{count} was too fast to show', other: '{count} were too fast to show' },
  },
  waiting: { ko: '이벤트를 기다립니다', en: 'Waiting for events' },
  waitingNext: {
    ko: '조건에 맞는 이벤트가 오면 위에서부터 보입니다.',
    en: 'The next one that matches stands here.',
  },
  lost: {
    ko: '연결이 끊겼습니다. 다시 잇는 중입니다.',
    en: 'The connection is lost. It is being made again.',
  },
  absent: {
    ko: '이 서버는 이벤트를 받지 않습니다',
    en: 'This server takes no events',
  },
  absentNext: {
    ko: '이벤트를 받는 서버에서 이 화면을 열어 주십시오.',
    en: 'Open this screen where the events are collected.',
  },
  at: { ko: '받은 때', en: 'Taken' },
  what: { ko: '내용', en: 'What' },
  refused: { ko: '거절', en: 'refused' },
  event: { ko: '{kind}', en: '{kind}' },
  noKind: { ko: '종류 없음', en: 'no kind' },
  hiddenNote: {
    ko: '개인정보는 *** 로 보입니다.',
    en: 'Personal values are shown as ***.',
  },
  tailCaption: { ko: '들어온 이벤트, 새것부터', en: 'Events as they came, the newest first' },
  // kinds
  kindsAbout: {
    ko: '최근 24시간을 지난주 같은 요일의 같은 시간과 견줍니다.',
    en: 'The last 24 hours beside the same hours a week before.',
  },
  events24: { ko: '24시간', en: '24 hours' },
  before: { ko: '지난주', en: 'A week before' },
  change: { ko: '변화', en: 'Change' },
  byHour: { ko: '시간별', en: 'By hour' },
  own: { ko: '자체', en: 'own' },
  ownTitle: { ko: '카탈로그에 없는, 이 서점의 종류입니다', en: 'Not of the catalogue, the store’s own' },
  isNew: { ko: '신규', en: 'new' },
  noKinds: { ko: '8일 안에 온 이벤트가 없습니다', en: 'No events in eight days' },
  noKindsNext: {
    ko: '추적기나 서버가 이벤트를 보내면 종류별로 여기에 섭니다.',
    en: 'When a tracker or a server sends events, their kinds stand here.',
  },
  sqlDay: { ko: 'SQL로 보기', en: 'See in SQL' },
  // failed
  failedAbout: {
    ko: '{day}부터 {count}건. 거절된 이벤트는 버리지 않고 까닭과 함께 둡니다.',
    en: {
      one: '{count} since {day}. What is refused is not thrown away, but kept with its reason.',
      other: '{count} since {day}. What is refused is not thrown away, but kept with its reason.',
    },
  },
  reason: { ko: '까닭', en: 'Reason' },
  place: { ko: '어디', en: 'Where' },
  count: { ko: '건수', en: 'Events' },
  last: { ko: '마지막', en: 'Last' },
  rule: { ko: '규칙', en: 'Rule' },
  first: { ko: '처음', en: 'First' },
  sources: { ko: '보낸 곳', en: 'Sources' },
  example: { ko: '가장 최근 것, 온 그대로', en: 'The newest, as it came' },
  exampleHidden: {
    ko: '가장 최근 것의 모양. 값은 볼 권한이 있는 사람에게만 보입니다.',
    en: 'The form of the newest. Its values are shown to whom they are allowed.',
  },
  noFailed: { ko: '거절된 이벤트가 없습니다', en: 'Nothing was refused' },
  noFailedNext: {
    ko: '14일 동안 온 이벤트가 모두 규칙에 맞았습니다.',
    en: 'Every event of the last 14 days kept the rules.',
  },
});
