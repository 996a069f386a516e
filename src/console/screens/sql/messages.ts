import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  title: { ko: 'SQL', en: 'SQL' },
  about: {
    ko: '읽기 전용입니다. {seconds}초가 지나면 멈추고, 화면에는 {rows}행까지 보입니다.',
    en: 'Read-only. A query stops after {seconds} s; up to {rows} rows are shown.',
  },
  aboutWaiting: { ko: '읽기 전용입니다.', en: 'Read-only.' },
  editor: { ko: 'SQL 편집기', en: 'SQL editor' },
  run: { ko: '실행', en: 'Run' },
  stop: { ko: '멈추기', en: 'Stop' },
  share: { ko: '주소 복사', en: 'Copy link' },
  shared: { ko: '복사했습니다', en: 'Copied' },
  history: { ko: '지난 질의', en: 'History' },
  tables: { ko: '테이블', en: 'Tables' },
  personal: { ko: '개인정보 열 보기', en: 'Show personal columns' },
  // running
  running: { ko: '{time}째 실행 중입니다', en: 'Running for {time}' },
  stopped: { ko: '멈췄습니다', en: 'Stopped' },
  stoppedNext: {
    ko: '서버에서도 이 질의를 멈췄습니다. 적어 두신 SQL은 그대로 있습니다.',
    en: 'The server has stopped it too. What you wrote stays as it is.',
  },
  // result
  result: { ko: '결과', en: 'Result' },
  rowCount: { ko: '{count}행, {time}', en: { one: '{count} row, {time}', other: '{count} rows, {time}' } },
  cut: {
    ko: '처음 {count}행만 보입니다.',
    en: { one: 'Only the first row is shown.', other: 'Only the first {count} rows are shown.' },
  },
  cutNext: {
    ko: '더 있습니다. 전체는 CSV로 받거나 질의를 좁혀 주십시오.',
    en: 'There are more. Export the whole as CSV, or ask for less.',
  },
  hidden: {
    ko: '개인정보 열은 null로 보입니다.',
    en: 'Personal columns read as null.',
  },
  noRows: { ko: '결과가 없습니다', en: 'No rows' },
  noRowsNext: {
    ko: '질의는 끝났고, 조건에 맞는 행이 없습니다.',
    en: 'The query ended; no row meets its conditions.',
  },
  fileWait: { ko: '{format} 만드는 중…', en: 'Making the {format}…' },
  csvCut: {
    ko: 'CSV도 백만 행에서 잘렸습니다. 질의를 좁혀 주십시오.',
    en: 'The CSV was cut at a million rows too. Ask for less.',
  },
  xlsxCut: {
    ko: 'XLSX는 십만 행에서 잘렸습니다. 전체는 CSV로 받아 주십시오.',
    en: 'The XLSX was cut at a hundred thousand rows. Export the whole as CSV.',
  },
  parameters: { ko: '매개변수', en: 'Parameters' },
  text: { ko: '글', en: 'text' },
  number: { ko: '숫자', en: 'number' },
  date: { ko: '날짜', en: 'date' },
  boolean: { ko: '참·거짓', en: 'true or false' },
  missing: { ko: '값을 넣어 주십시오.', en: 'Fill this in.' },
  asTable: { ko: '표', en: 'Table' },
  asChart: { ko: '그림', en: 'Chart' },
  view: { ko: '보기', en: 'View' },
  row: { ko: '{row}번째 행', en: 'Row {row}' },
  close: { ko: '닫기', en: 'Close' },
  distinct: {
    ko: '서로 다른 값 {count}개',
    en: { one: '{count} value', other: '{count} different values' },
  },
  nulls: { ko: 'null {count}개', en: { one: '{count} null', other: '{count} nulls' } },
  range: { ko: '{from} – {to}', en: '{from} to {to}' },
  // before the first query
  empty: { ko: '아직 물어본 것이 없습니다', en: 'Nothing has been asked yet' },
  emptyNext: {
    ko: 'SQL을 적고 Ctrl Enter를 누르면 결과가 여기에 나옵니다. 이렇게 시작해 보실 수 있습니다.',
    en: 'Write SQL and press Ctrl Enter; the result stands here. You could begin with one of these.',
  },
  noTables: { ko: '아직 테이블이 없습니다', en: 'There are no tables yet' },
  noTablesNext: {
    ko: '첫 이벤트가 들어오거나 첫 아침 작업이 끝나면 여기에 나옵니다.',
    en: 'They stand here when the first events are loaded, or the first morning’s work is done.',
  },
  // errors
  notValid: { ko: 'SQL이 맞지 않습니다', en: 'The SQL is not valid' },
  notValidAt: {
    ko: '{line}행 {column}열에서 SQL이 맞지 않습니다',
    en: 'The SQL is not valid at {line}:{column}',
  },
  refused: { ko: '여기서 할 수 없는 SQL입니다', en: 'This SQL is not allowed here' },
  timeout: { ko: '질의가 너무 오래 걸려 멈췄습니다', en: 'The query took too long and was stopped' },
  memory: { ko: '질의에 메모리가 모자랍니다', en: 'The query needs too much memory' },
  busy: { ko: '지금은 질의가 많습니다', en: 'Too many queries run just now' },
  noSuchTable: { ko: '그런 테이블이 없습니다', en: 'There is no such table' },
  goThere: { ko: '그 자리로', en: 'Go there' },
  // schema
  find: { ko: '테이블과 열 찾기', en: 'Find tables and columns' },
  nothingFound: { ko: '찾는 것이 없습니다', en: 'Nothing found' },
  insert: { ko: '{name} 넣기', en: 'Insert {name}' },
  firstRows: { ko: '{table}의 처음 100행', en: 'First 100 rows of {table}' },
  tableRows: { ko: '{count}행', en: { one: '{count} row', other: '{count} rows' } },
  personalColumn: { ko: '개인정보', en: 'personal' },
  // history
  noHistory: { ko: '이 브라우저에서 물어본 것이 없습니다', en: 'Nothing was asked in this browser yet' },
  historyAbout: {
    ko: '이 브라우저에만 있습니다.',
    en: 'It is kept in this browser only.',
  },
  neverRan: { ko: '실행하지 않음', en: 'not run' },
  // chart
  kind: { ko: '그림', en: 'Kind' },
  line: { ko: '선', en: 'Line' },
  bar: { ko: '막대', en: 'Bars' },
  stacked: { ko: '쌓은 막대', en: 'Stacked' },
  horizontal: { ko: '가로 막대', en: 'Horizontal' },
  across: { ko: '가로축', en: 'Across' },
  value: { ko: '값', en: 'Value' },
  by: { ko: '나누기', en: 'Split by' },
  whole: { ko: '나누지 않음', en: 'nothing' },
  chartTitle: { ko: '{x}별 {y}', en: '{y} by {x}' },
  noNumbers: { ko: '그릴 숫자 열이 없습니다', en: 'There is no column of numbers to draw' },
  labelsCut: {
    ko: '가로축 값 {total}개 중 처음 {count}개를 그렸습니다.',
    en: 'The first {count} of {total} values are drawn.',
  },
  seriesCut: {
    ko: '{total}개 중 큰 것 {count}개를 그렸습니다.',
    en: 'The {count} largest of {total} are drawn.',
  },
  summed: { ko: '같은 자리의 행은 더했습니다.', en: 'Rows of one place are added up.' },
});
