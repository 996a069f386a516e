import { defineMessages, type Language } from '../i18n/messages.ts';

/** What the reader may choose, by name. */
export const preferenceText = defineMessages({
  language: { ko: '언어', en: 'Language' },
  theme: { ko: '화면 밝기', en: 'Appearance' },
  system: { ko: '기기 설정', en: 'As the device' },
  light: { ko: '밝게', en: 'Light' },
  dark: { ko: '어둡게', en: 'Dark' },
});

/** Each language by its own name. */
export const languageNames: Readonly<Record<Language, string>> = { ko: '한국어', en: 'English' };
