import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  title: { ko: '홈', en: 'Home' },
  empty: { ko: '아직 비어 있습니다', en: 'Nothing here yet' },
});
