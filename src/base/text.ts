import { Type, type Static } from '@sinclair/typebox';

/** A text for people, or one by language. */
export const Text = Type.Union(
  [
    Type.String(),
    Type.Object(
      { ko: Type.Optional(Type.String()), en: Type.Optional(Type.String()) },
      { additionalProperties: false },
    ),
  ],
  { description: 'a text, or { ko: …, en: … }; a text with a comma stands in quotes' },
);
export type Text = Static<typeof Text>;

/** A text in a language, else in the other. */
export function textIn(text: Text, language: 'ko' | 'en'): string {
  if (typeof text === 'string') return text;
  return text[language] ?? text.en ?? text.ko ?? '';
}

/** The text without space at its ends; empty for none. */
export function trimmed(text: Text | undefined): Text {
  if (text === undefined || typeof text === 'string') return text?.trim() ?? '';
  return Object.fromEntries(Object.entries(text).map(([language, words]) => [language, words?.trim()]));
}
