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

/** Until the server has said how the store counts. */
const assumed: Locale = { timeZone: 'Asia/Seoul', dayStart: '06:00', currency: 'KRW' };

const FormatContext = createContext<Format | undefined>(undefined);

/** Gives numbers and dates as a store counts them to what is below it; the formats are made once for all of it. */
export function FormatProvider({
  timeZone = assumed.timeZone,
  dayStart = assumed.dayStart,
  currency = assumed.currency,
  children,
}: { readonly [K in keyof Locale]: Locale[K] | undefined } & { readonly children: ReactNode }): ReactNode {
  const { language } = useLanguage();
  const format = useMemo(
    () => createFormat(language, { timeZone, dayStart, currency }),
    [language, timeZone, dayStart, currency],
  );
  return <FormatContext value={format}>{children}</FormatContext>;
}

/** Numbers and dates in the reader's language and the store's time zone. */
export function useFormat(): Format {
  const format = use(FormatContext);
  if (format === undefined) throw new Error('outside of the formats');
  return format;
}
