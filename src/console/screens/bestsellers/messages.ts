import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  title: { ko: '베스트셀러', en: 'Bestsellers' },
  empty: { ko: '아직 비어 있습니다', en: 'Nothing here yet' },
});
