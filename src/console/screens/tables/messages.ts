import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  tables: { ko: '테이블', en: 'Tables' },
  about: {
    ko: '테이블 {count}개, {rows}행, {bytes}.',
    en: { one: '{count} table, {rows} rows, {bytes}.', other: '{count} tables, {rows} rows, {bytes}.' },
  },
  namespace: { ko: '묶음', en: 'Namespace' },
  all: { ko: '전체', en: 'All' },
  none: { ko: '아직 테이블이 없습니다', en: 'There are no tables yet' },
  noneNext: {
    ko: '첫 이벤트를 적재하거나 원본을 가져오면 테이블이 여기에 섭니다.',
    en: 'When the first events are loaded or a source is extracted, tables stand here.',
  },
  noneHere: { ko: '이 묶음에는 테이블이 없습니다', en: 'There are no tables of this namespace' },
  noTable: { ko: '이런 테이블이 없습니다', en: 'There is no such table' },
  broken: { ko: '{table} 테이블을 읽을 수 없습니다', en: '{table} cannot be read' },
  // list
  table: { ko: '테이블', en: 'Table' },
  rows: { ko: '행', en: 'Rows' },
  size: { ko: '크기', en: 'Size' },
  days: { ko: '날', en: 'Days' },
  dayRange: { ko: '{first}–{last}', en: '{first} to {last}' },
  changed: { ko: '바뀐 때', en: 'Changed' },
  unreadable: { ko: '읽을 수 없음', en: 'unreadable' },
  // page
  parts: { ko: '이 테이블의 부분', en: 'Parts of this table' },
  schema: { ko: '열', en: 'Columns' },
  byDay: { ko: '날마다', en: 'By day' },
  preview: { ko: '행 보기', en: 'Preview' },
  lineage: { ko: '앞과 뒤', en: 'Lineage' },
  snapshots: { ko: '스냅숏', en: 'Snapshots' },
  files: { ko: '파일', en: 'Files' },
  openInSql: { ko: 'SQL로 묻기', en: 'Ask in SQL' },
  madeBy: { ko: '만드는 작업', en: 'Made by' },
  place: { ko: '자리', en: 'Folder' },
  nobody: { ko: '이 프로젝트의 작업이 아님', en: 'no task of this project' },
  // columns
  column: { ko: '열', en: 'Column' },
  type: { ko: '형', en: 'Type' },
  documentation: { ko: '설명', en: 'Documentation' },
  personal: { ko: '개인 정보', en: 'personal' },
  personalShort: { ko: '개인', en: 'personal' },
  required: { ko: '반드시 있음', en: 'required' },
  // days
  rowsByDay: { ko: '날마다 행', en: 'Rows by day' },
  day: { ko: '날', en: 'Day' },
  fileCount: { ko: '파일', en: 'Files' },
  sealed: { ko: '마감', en: 'sealed' },
  open: { ko: '열림', en: 'open' },
  noDays: { ko: '날로 나뉘지 않은 테이블입니다', en: 'This table is not kept by day' },
  noDaysNext: {
    ko: '통째로 만들어지므로 날마다의 행이 없습니다.',
    en: 'It is made as a whole, so there are no rows by day.',
  },
  // preview
  previewOf: {
    ko: '{day}의 행 {count}개',
    en: { one: '{count} row of {day}', other: '{count} rows of {day}' },
  },
  previewAll: { ko: '행 {count}개', en: { one: '{count} row', other: '{count} rows' } },
  hidden: {
    ko: '개인 정보 열은 비워 두었습니다: {columns}',
    en: 'Personal columns are left empty: {columns}',
  },
  hiddenCell: { ko: '가림', en: 'hidden' },
  noRows: { ko: '행이 없습니다', en: 'There are no rows' },
  // lineage
  lineageOf: {
    ko: '{table}의 앞과 뒤: 왼쪽 것에서 오른쪽 것이 만들어집니다',
    en: 'Lineage of {table}: from what it is made of to what is made from it',
  },
  lineageHint: {
    ko: '테이블을 고르면 그 페이지로 갑니다. 네모 안이 옅은 것은 원본과 판입니다.',
    en: 'A table leads to its page. Tinted boxes are sources and editions.',
  },
  madeOf: { ko: '이것으로 만듭니다', en: 'Made of' },
  makes: { ko: '이것에서 만듭니다', en: 'Made from it' },
  by: { ko: '작업', en: 'By task' },
  nothing: { ko: '없음', en: 'nothing' },
  // snapshots
  at: { ko: '때', en: 'At' },
  operation: { ko: '한 일', en: 'Operation' },
  append: { ko: '덧붙임', en: 'append' },
  overwrite: { ko: '바꿔 씀', en: 'overwrite' },
  replace: { ko: '정리', en: 'replace' },
  delete: { ko: '지움', en: 'delete' },
  added: { ko: '더한 행', en: 'Added' },
  removed: { ko: '뺀 행', en: 'Removed' },
  total: { ko: '그 뒤 행', en: 'Rows after' },
  id: { ko: '번호', en: 'Id' },
  current: { ko: '지금', en: 'current' },
  said: { ko: '남긴 말', en: 'Said by its writer' },
  noSnapshots: { ko: '아직 스냅숏이 없습니다', en: 'There is no snapshot yet' },
  // files
  file: { ko: '파일', en: 'File' },
  filesAbout: {
    ko: '데이터 파일 {files}개, {bytes}. 큰 것부터 {shown}개를 보입니다.',
    en: '{files} data files, {bytes}. The largest {shown} are shown.',
  },
});
