import { defineMessages } from '../i18n/messages.ts';

/** The roles by their names. */
export const roleText = defineMessages({
  signOut: { ko: '로그아웃', en: 'Sign out' },
  viewer: { ko: '보는 사람', en: 'Viewer' },
  analyst: { ko: '분석가', en: 'Analyst' },
  editor: { ko: '편집자', en: 'Editor' },
  operator: { ko: '운영자', en: 'Operator' },
  admin: { ko: '관리자', en: 'Administrator' },
});
