import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  home: { ko: '홈', en: 'Home' },
  // the first line
  willBeOut: { ko: '베스트셀러는 {time}에 나옵니다', en: 'Bestsellers will be out at {time}' },
  out: { ko: '{day} 베스트셀러가 나와 있습니다', en: 'The bestsellers of {day} are out' },
  running: { ko: '아침 작업이 돌고 있습니다', en: 'The morning’s work is running' },
  waiting: { ko: '아침 작업은 {time}에 시작합니다', en: 'The morning’s work begins at {time}' },
  failed: { ko: '{day} 베스트셀러가 나오지 않았습니다', en: 'The bestsellers of {day} are not out' },
  none: { ko: '아직 아침 작업이 없습니다', en: 'There is no morning’s work yet' },
  // what stands below it
  chance: {
    ko: '{due} 전에 나올 확률은 {share}입니다. 가장 오래 걸리는 부분은 {stage}입니다.',
    en: '{share} before {due}. The longest part is {stage}.',
  },
  surely: { ko: '99.5 % 이상', en: 'More than 99.5 %' },
  early: {
    ko: '{time}에 나왔습니다. 약속한 {due}보다 {duration} 빠릅니다. 다음 아침 작업은 {next}에 시작합니다.',
    en: 'Out since {time}, {duration} before the promised {due}. The next morning’s work begins at {next}.',
  },
  lateBy: {
    ko: '{time}에 나왔습니다. 약속한 {due}보다 {duration} 늦었습니다. 다음 아침 작업은 {next}에 시작합니다.',
    en: 'Out since {time}, {duration} after the promised {due}. The next morning’s work begins at {next}.',
  },
  madeUp: {
    ko: '멈춰 있던 동안의 아침이라 {time}에 뒤늦게 만들었습니다. 다음 아침 작업은 {next}에 시작합니다.',
    en: 'Made up for at {time}, after a standstill. The next morning’s work begins at {next}.',
  },
  doneOf: {
    ko: '작업 {tasks}개 중 {done}개가 끝났습니다. 지난 기록이 없어 예상은 아직 없습니다.',
    en: '{done} of {tasks} tasks are done. Nothing is known of other days, so there is no forecast yet.',
  },
  stopped: {
    ko: '{task}에서 멈췄습니다. 나와 있는 판은 그대로 보입니다.',
    en: 'It stopped at {task}. The editions that are out stay as they are.',
  },
  beginsWith: {
    ko: '지난 기록이 없어 예상은 아직 없습니다.',
    en: 'Nothing is known of other days, so there is no forecast yet.',
  },
  noneNext: {
    ko: '프로젝트에 목록이나 모델이 생기면 여기에 그 아침이 보입니다.',
    en: 'When the project has lists or models, their morning stands here.',
  },
  behind: {
    ko: '나머지 작업 {count}개가 아직 돌고 있습니다.',
    en: { one: '{count} more task is still at work.', other: '{count} more tasks are still at work.' },
  },
  // timeline
  timeline: { ko: '아침 작업의 시간표', en: 'Timeline of the morning' },
  now: { ko: '지금 {time}', en: 'now {time}' },
  promised: { ko: '약속 {time}', en: 'promised {time}' },
  forecast: {
    ko: '예상 {time}, 90 %는 {early}–{late}',
    en: 'forecast {time}, 90 % between {early} and {late}',
  },
  ran: { ko: '{from}부터 {duration}', en: '{from}, {duration}' },
  runs: { ko: '{from}부터, {done}/{tasks}', en: 'since {from}, {done} of {tasks}' },
  comes: { ko: '{time}쯤', en: 'about {time}' },
  waits: { ko: '기다림', en: 'waiting' },
  broke: { ko: '멈춤, {done}/{tasks}', en: 'stopped, {done} of {tasks}' },
  // numbers
  numbers: { ko: '{day}의 숫자', en: 'The numbers of {day}' },
  statistics: { ko: '통계로', en: 'statistics' },
  against: { ko: '지난주 {weekday}보다', en: 'on {weekday} last week' },
  even: { ko: '지난주 {weekday}과 같음', en: 'the same as {weekday} last week' },
  nothingBefore: { ko: '지난주 {weekday} 값이 없습니다', en: 'nothing of {weekday} last week' },
  numbersLate: {
    ko: '{day} 숫자는 아침 작업이 끝나면 나옵니다.',
    en: 'The numbers of {day} come with the end of the morning’s work.',
  },
  // the running day
  today: { ko: '오늘 {time}까지', en: 'Today until {time}' },
  todayRuns: {
    ko: '{day}, 아직 진행 중 · 이벤트로 셉니다',
    en: '{day}, still running · counted from events',
  },
  todayAgainst: { ko: '지난주 {weekday} 같은 시각까지보다', en: 'on {weekday} last week, to the same hour' },
  todayEven: {
    ko: '지난주 {weekday} 같은 시각과 같음',
    en: 'the same as {weekday} last week, to the same hour',
  },
  todayNothingBefore: {
    ko: '지난주 {weekday} 같은 시각까지는 값이 없습니다',
    en: 'nothing of {weekday} last week to this hour',
  },
  todayUsual: {
    ko: '최근 {weekday} {count}번 평균 {value}',
    en: { one: '{value} on the last {weekday}', other: '{value} on average of {count} {weekday}s' },
  },
  todayBegun: { ko: '하루가 막 시작되었습니다', en: 'The day has just begun' },
  todayBegunNext: {
    ko: '첫 몇 분이 지나면 지난주 같은 시각과 견준 숫자가 여기에 섭니다.',
    en: 'After its first minutes the numbers stand here, beside those of last week to the same hour.',
  },
  noNumbers: { ko: '아직 숫자가 없습니다', en: 'No numbers yet' },
  noNumbersNext: {
    ko: '첫 하루가 마감되면 매출과 독자 수가 여기에 섭니다.',
    en: 'When the first day is sealed, sales and readers stand here.',
  },
  // worth a look
  worth: { ko: '살펴볼 것', en: 'Worth a look' },
  allRuns: { ko: '작업 {count}개 모두', en: { one: 'all {count} task', other: 'all {count} tasks' } },
  nothingWorth: { ko: '살펴볼 것이 없습니다.', en: 'Nothing needs a look.' },
  solved: { ko: '해결', en: 'solved' },
  task_failed: { ko: '{task} 작업이 {count}번 실패했습니다', en: '{task} failed, {count} attempts' },
  task_slow: {
    ko: '{task} 작업이 {time}째 돌고 있습니다. 보통은 {usual}입니다',
    en: '{task} has been running for {time}; usually it takes {usual}',
  },
  task_repeated: {
    ko: '{task} 작업이 {count}번 다시 시작했습니다',
    en: { one: '{task} was tried again once', other: '{task} was tried again {count} times' },
  },
  forecast_late: {
    ko: '목록이 약속보다 {time} 늦을 것 같습니다',
    en: 'The lists are expected {time} after the promised time',
  },
  events_failed: {
    ko: '규칙에 맞지 않는 이벤트가 {count}건 있었습니다',
    en: { one: '{count} event broke a rule', other: '{count} events broke a rule' },
  },
  events_late: {
    ko: '늦게 온 이벤트 {count}건은 다음 날로 셉니다',
    en: {
      one: '{count} late event counts for the next day',
      other: '{count} late events count for the next day',
    },
  },
  duplicates_dropped: {
    ko: '중복 이벤트 {count}건을 걸러 냈습니다',
    en: { one: '{count} duplicate event was dropped', other: '{count} duplicate events were dropped' },
  },
  check_failed: { ko: '{task} 점검이 어긋났습니다', en: 'A check of {task} did not hold' },
  // editions
  editions: { ko: '새로 발행된 판', en: 'Newest editions' },
  list: { ko: '목록', en: 'List' },
  day: { ko: '날', en: 'Day' },
  revision: { ko: '차수', en: 'Rev.' },
  hash: { ko: '지문', en: 'Hash' },
  at: { ko: '시각', en: 'At' },
  recommend: { ko: '추천 · {name}', en: 'Recommendations · {name}' },
  evaluation: { ko: '추천 · 알고리즘 비교', en: 'Recommendations · algorithms compared' },
  statistic: { ko: '통계 · {name}', en: 'Statistics · {name}' },
  noEditions: { ko: '아직 발행된 판이 없습니다', en: 'No editions yet' },
  noEditionsNext: {
    ko: '첫 아침 작업이 끝나면 목록과 추천의 판이 여기에 쌓입니다.',
    en: 'When the first morning’s work is done, editions of lists and recommendations gather here.',
  },
  // traffic
  traffic: { ko: '지금 들어오는 이벤트', en: 'Events now' },
  perSecond: { ko: '{count}건/초', en: '{count}/s' },
  trafficAbout: {
    ko: '최근 {minutes}분, 1분마다. 거절 {failed}, 중복 {duplicates}{delay}',
    en: 'Last {minutes} minutes, by the minute. {failed} refused, {duplicates} duplicates{delay}',
  },
  delay: { ko: ', 도착까지 중앙값 {seconds}', en: ', median delay {seconds}' },
  noTraffic: {
    ko: '최근 {minutes}분 동안 들어온 이벤트가 없습니다.',
    en: 'No events in the last {minutes} minutes.',
  },
});
