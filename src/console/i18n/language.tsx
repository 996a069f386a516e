import { createContext, use, useCallback, useMemo, useState, type ReactNode } from 'react';
import { keep } from '../data/keepsake.ts';
import { createFormat, type Format } from './format.ts';
import { sayIn, type Language, type Messages, type Say } from './messages.ts';

interface LanguageChoice {
  readonly language: Language;
  readonly choose: (language: Language) => void;
}

const LanguageContext = createContext<LanguageChoice>({ language: 'en', choose: () => undefined });

/** Gives the language below it; begins with the one that the page was opened in. */
export function LanguageProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [language, setLanguage] = useState<Language>(() =>
    document.documentElement.lang === 'ko' ? 'ko' : 'en',
  );
  const choose = useCallback((chosen: Language) => {
    keep('octavo.language', chosen);
    document.documentElement.lang = chosen;
    setLanguage(chosen);
  }, []);
  const value = useMemo(() => ({ language, choose }), [language, choose]);
  return <LanguageContext value={value}>{children}</LanguageContext>;
}

export function useLanguage(): LanguageChoice {
  return use(LanguageContext);
}

/** The texts in the reader's language. */
export function useText<T extends Messages>(messages: T): Say<T> {
  const { language } = useLanguage();
  return useMemo(() => sayIn(messages, language), [messages, language]);
}

/** How a store counts time and money; the server says it. */
export interface Locale {
  readonly timeZone: string;
  readonly dayStart: string;
  readonly currency: string;
}

export const LocaleContext = createContext<Locale>({
  timeZone: 'Asia/Seoul',
  dayStart: '06:00',
  currency: 'KRW',
});

/** Numbers and dates in the reader's language and the store's time zone. */
export function useFormat(): Format {
  const { language } = useLanguage();
  const locale = use(LocaleContext);
  return useMemo(() => createFormat(language, locale), [language, locale]);
}
