import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  runs: { ko: '작업', en: 'Runs' },
  // the first line
  title: { ko: '{day}의 작업', en: 'Runs of {day}' },
  allDone: { ko: '{day}의 작업이 모두 끝났습니다', en: 'All runs of {day} are done' },
  someFailed: {
    ko: '{day}의 작업 {count}개가 실패했습니다',
    en: { one: '{count} run of {day} failed', other: '{count} runs of {day} failed' },
  },
  atWork: { ko: '{day}의 작업이 돌고 있습니다', en: 'The runs of {day} are at work' },
  about: {
    ko: '작업 {tasks}개 중 {done}개 끝남{running}. 목록을 정한 길은 굵은 글씨입니다.',
    en: '{done} of {tasks} tasks done{running}. The way that decides when the lists are out is bold.',
  },
  aboutRunning: { ko: ', {count}개 진행 중', en: ', {count} running' },
  none: { ko: '이 날의 작업이 없습니다', en: 'There are no runs of this day' },
  noneNext: {
    ko: '프로젝트에 모델이나 목록이 생기면 날마다의 작업이 여기에 섭니다.',
    en: 'When the project has models or lists, each day’s tasks stand here.',
  },
  // controls
  view: { ko: '보기', en: 'View' },
  timeline: { ko: '시간표', en: 'Timeline' },
  graph: { ko: '그래프', en: 'Graph' },
  list: { ko: '목록', en: 'List' },
  day: { ko: '날', en: 'Day' },
  earlier: { ko: '하루 앞', en: 'A day earlier' },
  later: { ko: '하루 뒤', en: 'A day later' },
  dayDone: { ko: '{day} · 모두 끝남', en: '{day} · done' },
  dayRunning: { ko: '{day} · 진행 중', en: '{day} · running' },
  dayFailed: { ko: '{day} · {count}개 실패', en: '{day} · {count} failed' },
  dayPart: { ko: '{day} · {tasks}개 중 {done}개', en: '{day} · {done} of {tasks}' },
  dayNone: { ko: '{day} · 기록 없음', en: '{day} · nothing kept' },
  // states of tasks
  waiting: { ko: '기다림', en: 'waiting' },
  running: { ko: '진행 중', en: 'running' },
  retrying: { ko: '다시 시도', en: 'retrying' },
  done: { ko: '끝남', en: 'done' },
  failed: { ko: '실패', en: 'failed' },
  blocked: { ko: '막힘', en: 'blocked' },
  cancelled: { ko: '멈춤', en: 'stopped' },
  // outcomes of attempts
  succeeded: { ko: '끝남', en: 'done' },
  present: { ko: '이미 있음', en: 'there already' },
  lost: { ko: '끊김', en: 'lost' },
  // timeline
  chart: { ko: '{day} 작업의 시간표', en: 'Timeline of the runs of {day}' },
  now: { ko: '지금 {time}', en: 'now {time}' },
  promised: { ko: '약속 {time}', en: 'promised {time}' },
  forecast: {
    ko: '목록 예상 {time}, 90 %는 {early}–{late}',
    en: 'lists forecast {time}, 90 % between {early} and {late}',
  },
  ran: { ko: '{from}부터 {duration}', en: '{from}, {duration}' },
  runsSince: { ko: '{from}부터, 진행 중', en: 'since {from}, running' },
  comes: { ko: '{time}쯤', en: 'about {time}' },
  elsewhere: {
    ko: '{count}개는 이 시간표 밖의 때에 돌았습니다.',
    en: {
      one: '{count} of them ran at another time than is shown.',
      other: '{count} of them ran at other times than is shown.',
    },
  },
  // graph
  graphOf: {
    ko: '{day} 작업의 그래프: 왼쪽 것이 오른쪽 것에 필요합니다',
    en: 'Graph of the runs of {day}: from needs to what needs them',
  },
  graphHint: {
    ko: '작업을 고르면 그 앞과 뒤의 길이 남습니다.',
    en: 'Choose a task: its ways to and from stay.',
  },
  // list
  task: { ko: '작업', en: 'Task' },
  state: { ko: '상태', en: 'State' },
  started: { ko: '시작', en: 'Began' },
  took: { ko: '걸린 시간', en: 'Took' },
  usual: { ko: '보통', en: 'Usually' },
  attempts: { ko: '시도', en: 'Attempts' },
  needs: { ko: '필요한 것', en: 'Needs' },
  // panel
  choose: { ko: '작업을 고르면 여기에 그 속이 보입니다.', en: 'Choose a task to see into it here.' },
  close: { ko: '닫기', en: 'Close' },
  noTask: { ko: '이런 작업이 없습니다', en: 'There is no such task' },
  since: { ko: '{duration}째 진행 중', en: 'running for {duration}' },
  tookTime: { ko: '{time}에 끝남, {duration}', en: 'done at {time}, {duration}' },
  usually: { ko: '보통 {duration}', en: 'usually {duration}' },
  expected: { ko: '{time}쯤 시작', en: 'about {time}' },
  blockedBy: { ko: '{task} 때문에 막혔습니다', en: 'blocked by {task}' },
  failedAt: { ko: '{time}에 실패', en: 'failed at {time}' },
  target: { ko: '만드는 것', en: 'Makes' },
  reads: { ko: '읽는 것', en: 'Reads' },
  targetThere: { ko: '있음', en: 'there' },
  targetMissing: { ko: '아직 없음', en: 'not there yet' },
  counts: { ko: '센 것', en: 'Counted' },
  worker: { ko: '일꾼', en: 'Worker' },
  neededBy: { ko: '이것이 필요한 것', en: 'Needed by' },
  nothingNeeded: { ko: '없음', en: 'nothing' },
  ofDays: { ko: '{from}–{to}, {count}개', en: '{from} to {to}, {count}' },
  log: { ko: '기록', en: 'Log' },
  noLog: { ko: '남긴 기록이 없습니다.', en: 'It logged nothing.' },
  fullHistory: { ko: '전체 기록', en: 'Full history' },
  hint: { ko: '할 일', en: 'What to do' },
  // page of a task
  history: { ko: '날마다', en: 'Day by day' },
  durations: { ko: '걸린 시간(초)', en: 'Duration (seconds)' },
  attemptsOf: { ko: '{day}의 시도', en: 'Attempts of {day}' },
  attemptsAll: { ko: '시도', en: 'Attempts' },
  attemptNo: { ko: '{count}번째 시도', en: 'Attempt {count}' },
  inRun: { ko: '실행 {run}, {worker}', en: 'run {run}, {worker}' },
  neverRan: { ko: '아직 돈 적이 없습니다', en: 'It has not run yet' },
  neverRanNext: {
    ko: '날의 작업이 돌면 걸린 시간과 시도가 여기에 쌓입니다.',
    en: 'When the day’s work has run, durations and attempts gather here.',
  },
  retries: { ko: '다시 시도', en: 'Retries' },
  timeout: { ko: '시간 제한', en: 'Timeout' },
  resources: { ko: '자원', en: 'Resources' },
  daily: { ko: '날마다', en: 'Daily' },
  yes: { ko: '예', en: 'yes' },
  no: { ko: '아니요', en: 'no' },
  // running
  run: { ko: '실행', en: 'Run' },
  retry: { ko: '다시 시도', en: 'Retry' },
  again: { ko: '다시 만들기', en: 'Make again' },
  runMissing: { ko: '남은 작업 실행', en: 'Run what is missing' },
  stop: { ko: '멈추기', en: 'Stop' },
  cancel: { ko: '그만두기', en: 'Cancel' },
  confirmRun: { ko: '{task} 실행', en: 'Run {task}' },
  confirmAgain: { ko: '{task} 다시 만들기', en: 'Make {task} again' },
  confirmDay: { ko: '{day}의 남은 작업 실행', en: 'Run what is missing of {day}' },
  confirmDayText: {
    ko: '아직 없는 것만 만듭니다. 이미 있는 것은 그대로 둡니다.',
    en: 'Only what is not there yet is made. What is there stays as it is.',
  },
  nothingMissing: {
    ko: '이 날들에는 빠진 것이 없습니다. 다시 만들려면 위에서 고르십시오.',
    en: 'Nothing is missing on these days. To make them again, say so above.',
  },
  willRun: {
    ko: '작업 {count}개를 실행합니다. {present}개는 이미 있습니다.',
    en: {
      one: '{count} task will run. {present} are there already.',
      other: '{count} tasks will run. {present} are there already.',
    },
  },
  willRunAgain: {
    ko: '이미 있는 것을 다시 만듭니다. 나와 있는 판은 남고 새 차수가 나옵니다.',
    en: 'What is there is made again. Editions that are out stay; a new revision may come out.',
  },
  andMore: { ko: '그 밖에 {count}개', en: 'and {count} more' },
  planning: { ko: '무엇을 실행할지 살펴봅니다', en: 'Looking what would run' },
  notAllowed: {
    ko: '실행은 운영자와 관리자만 할 수 있습니다.',
    en: 'Operators and administrators can run tasks.',
  },
  notTaken: {
    ko: '이 서버는 지금 작업을 실행하지 않습니다.',
    en: 'This server runs no tasks now.',
  },
  // backfill
  backfill: { ko: '여러 날 다시 채우기', en: 'Backfill' },
  backfillAbout: {
    ko: '오래된 날부터 차례로, 없는 것과 그에 필요한 것을 만듭니다. 언제든 멈출 수 있고 만든 것은 남습니다.',
    en: 'From the oldest day on, what is missing is made, with what it needs. It can be stopped; what it made stays.',
  },
  backfillLists: { ko: '목록', en: 'Lists' },
  backfillOthers: { ko: '그 밖의 작업', en: 'Other tasks' },
  from: { ko: '첫날', en: 'First day' },
  through: { ko: '마지막 날', en: 'Last day' },
  force: { ko: '이미 있는 것도 다시 만들기', en: 'Make again what is there already' },
  // runs that nobody asked for here
  otherRun: {
    ko: '일정이나 명령으로 {time}에 시작한 실행 {run} ({worker})',
    en: 'Run {run} of the schedule or a command, since {time} ({worker})',
  },
  otherRunOf: {
    ko: '{who} 님이 다른 곳에서 {time}에 시작한 실행 {run} ({worker})',
    en: 'Run {run} that {who} began elsewhere at {time} ({worker})',
  },
  otherRunning: {
    ko: '작업 {count}개가 돌고 있습니다. 일정의 실행을 멈추면 그 날은 저절로 다시 돌지 않습니다.',
    en: {
      one: '{count} task is at work. A day of the schedule that is stopped does not run again by itself.',
      other: '{count} tasks are at work. A day of the schedule that is stopped does not run again by itself.',
    },
  },
  stopping: {
    ko: '{who} 님이 멈추라고 했습니다. 곧 멈춥니다.',
    en: '{who} has stopped it; it ends in a moment.',
  },
  // requests
  asked: {
    ko: '{who} 님이 {time}에 부탁한 실행: {goal}',
    en: 'Asked for by {who} at {time}: {goal}',
  },
  askedWaiting: { ko: '앞의 실행을 기다립니다.', en: 'It waits behind another run.' },
  askedRunning: { ko: '작업 {tasks}개 중 {done}개 끝남.', en: '{done} of {tasks} tasks done.' },
  askedFailed: { ko: '실패했습니다. {error}', en: 'It failed. {error}' },
  goals: { ko: '작업 {count}개', en: { one: '{count} task', other: '{count} tasks' } },
});
