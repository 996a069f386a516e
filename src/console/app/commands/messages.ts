import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  recent: { ko: '최근', en: 'Recent' },
  screens: { ko: '화면', en: 'Screens' },
  lists: { ko: '목록', en: 'Lists' },
  titles: { ko: '책', en: 'Titles' },
  readers: { ko: '독자', en: 'Readers' },
  tables: { ko: '테이블', en: 'Tables' },
  tasks: { ko: '작업', en: 'Tasks' },
  pages: { ko: '통계 페이지', en: 'Statistics pages' },
  actions: { ko: '명령', en: 'Actions' },
  reader: { ko: '독자 {id}에게 보이는 책', en: 'What reader {id} sees' },
  compare: { ko: '{list}: 두 판 비교', en: '{list}: compare editions' },
  toDark: { ko: '어둡게 보기', en: 'Use the dark theme' },
  toLight: { ko: '밝게 보기', en: 'Use the light theme' },
  toLanguage: { ko: '{name}로 보기', en: 'Read in {name}' },
  print: { ko: '이 화면 인쇄', en: 'Print this screen' },
  apiDocs: { ko: 'API 문서', en: 'API documentation' },
  signOut: { ko: '로그아웃', en: 'Sign out' },
});
