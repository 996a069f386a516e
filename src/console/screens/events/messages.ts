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
  open: { ko: '남음', en: 'Open' },
  // one reason
  allReasons: { ko: '모든 까닭', en: 'All reasons' },
  reasonGone: { ko: '이 까닭으로 거절된 이벤트가 없습니다', en: 'Nothing was refused for this reason' },
  reasonGoneNext: {
    ko: '14일 안에는 없습니다. 다른 까닭을 보십시오.',
    en: 'Not within the last 14 days. Look at the other reasons.',
  },
  oneByOne: { ko: '거절된 이벤트, 하나씩', en: 'The refused events one by one' },
  firstRows: { ko: '오래된 것부터 {count}건만 보입니다.', en: 'The oldest {count} are shown.' },
  became: { ko: '상태', en: 'State' },
  isStoredShort: { ko: '저장됨', en: 'stored' },
  refusedAgain: { ko: '다시 거절', en: 'refused again' },
  waits: { ko: '남음', en: 'open' },
  isStored: {
    ko: '이 ID의 이벤트는 이미 저장되어 있습니다.',
    en: 'An event of this id is stored already.',
  },
  cameSo: { ko: '온 그대로', en: 'As it came' },
  formOnly: {
    ko: '모양만. 값은 볼 권한이 있는 사람에게만 보입니다.',
    en: 'Its form alone. Values are shown to whom they are allowed.',
  },
  // mending one
  editor: { ko: '이벤트, JSON', en: 'The event as JSON' },
  checking: { ko: '카탈로그와 견주는 중입니다.', en: 'Being checked against the catalogue.' },
  keepsRules: {
    ko: '이제 규칙에 맞습니다. 저장할 수 있습니다.',
    en: 'It keeps the rules now, and can be stored.',
  },
  stillRefused: { ko: '아직 거절됩니다:', en: 'Still refused:' },
  noJson: { ko: '올바른 JSON이 아닙니다.', en: 'This is no valid JSON.' },
  goThere: { ko: '그곳으로', en: 'Go there' },
  store: { ko: '저장하기', en: 'Store it' },
  asItCame: { ko: '온 그대로 되돌리기', en: 'Back to how it came' },
  storeNote: {
    ko: '같은 ID로 한 번만 저장됩니다. 저장한 뒤에는 되돌릴 수 없습니다.',
    en: 'It is stored once under its id. What is stored cannot be taken back.',
  },
  // mending all
  mendAll: { ko: '모두 고쳐서 저장하기', en: 'Mend and store them all' },
  mendAllAbout: {
    ko: '남은 이벤트마다 같은 곳을 고칩니다. 먼저 확인하면 저장하지 않고 어떻게 될지만 봅니다. 규칙이 바뀌어 고칠 것이 없으면 줄을 모두 지우십시오.',
    en: 'The same change in each open event. A check stores nothing; it says what would become of them. With no lines they are sent as they came.',
  },
  value: { ko: '이 값으로', en: 'Set' },
  from: { ko: '여기서 옮겨', en: 'Move from' },
  remove: { ko: '지우기', en: 'Take out' },
  wayOf: { ko: '고침 {number}: 어떻게', en: 'Change {number}: how' },
  pointerOf: { ko: '고침 {number}: 어디', en: 'Change {number}: where' },
  valueIn: { ko: '고침 {number}: 값', en: 'Change {number}: value' },
  fromIn: { ko: '고침 {number}: 옮겨 올 곳', en: 'Change {number}: from where' },
  pointer: { ko: 'JSON 포인터, 예: /items/0/price', en: 'A JSON pointer, e.g. /items/0/price' },
  fromRule: {
    ko: 'JSON 포인터, 또는 받은 때를 뜻하는 received_at',
    en: 'A JSON pointer, or received_at: when it was taken',
  },
  valueRule: {
    ko: '숫자, true, null, 객체는 JSON으로, 나머지는 글자로 읽습니다',
    en: 'Read as JSON where it is JSON (9900, true, null, an object), else as a text',
  },
  addChange: { ko: '고칠 곳 더하기', en: 'Add a change' },
  removeChange: { ko: '고침 {number} 지우기', en: 'Remove change {number}' },
  check: { ko: '확인하기', en: 'Check' },
  storeMany: { ko: '{count}건 저장하기', en: { one: 'Store it', other: 'Store {count}' } },
  // what became of it
  nothingOpen: {
    ko: '저장할 것이 없습니다. 모두 이미 저장되어 있습니다.',
    en: 'Nothing is open: all of them are stored already.',
  },
  wouldStore: {
    ko: '{count}건이 규칙에 맞아 저장됩니다.',
    en: {
      one: 'One keeps the rules and would be stored.',
      other: '{count} keep the rules and would be stored.',
    },
  },
  stored: {
    ko: '{count}건을 저장했습니다.',
    en: { one: 'One event is stored.', other: '{count} events are stored.' },
  },
  duplicates: {
    ko: '{count}건은 이미 저장되어 있었습니다.',
    en: { one: 'One was stored before.', other: '{count} were stored before.' },
  },
  wouldFail: {
    ko: '{count}건은 다시 거절됩니다.',
    en: { one: 'One would be refused again.', other: '{count} would be refused again.' },
  },
  failedAgain: {
    ko: '{count}건은 다시 거절되어 그대로 남습니다.',
    en: { one: 'One was refused again and stays.', other: '{count} were refused again and stay.' },
  },
  moreLeft: {
    ko: '한 번에 처리하는 한도에 닿았습니다. 남은 것은 다시 하세요.',
    en: 'The limit of one go was reached: do it again for those that are left.',
  },
  times: { ko: '{count}건', en: { one: '{count}', other: '{count}' } },
  moreReasons: {
    ko: '다른 까닭 {count}가지',
    en: { one: 'one more reason', other: '{count} more reasons' },
  },
});
