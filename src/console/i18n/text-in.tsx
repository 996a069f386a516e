import type { ReactNode } from 'react';
import { useLanguage } from './language.tsx';
import type { Language } from './messages.ts';

/** A text, or one by language, as the API gives it. */
export type Described = string | { readonly ko?: string; readonly en?: string };

/** A text in the language, else in the other. */
export function textIn(language: Language, text: Described): string {
  if (typeof text === 'string') return text;
  return text[language] ?? text.en ?? text.ko ?? '';
}

/** The language that a text stands in for a reader of the language; undefined where nobody said. */
function languageOf(language: Language, text: Described): Language | undefined {
  if (typeof text === 'string') return undefined;
  return text[language] === undefined ? (text.en === undefined ? 'ko' : 'en') : language;
}

/** Names between backticks are set as code. */
function withCode(text: string): ReactNode {
  if (!text.includes('`')) return text;
  const isCode = (place: number): boolean => place % 2 === 1;
  return text.split('`').map((part, place) => (isCode(place) ? <code key={place}>{part}</code> : part));
}

/** A described thing in the reader's language, marked with the other one where only that is there. */
export function DescribedText({ text }: { readonly text: Described }): ReactNode {
  const { language } = useLanguage();
  const own = languageOf(language, text);
  const words = withCode(textIn(language, text));
  return own === undefined || own === language ? words : <span lang={own}>{words}</span>;
}
