import { once } from './once.ts';

/** The console's languages. */
export const languages = ['ko', 'en'] as const;
export type Language = (typeof languages)[number];

/** Two forms of one English sentence; `{count}` decides which is said. */
interface Plural {
  readonly one: string;
  readonly other: string;
}

/**
 * One text in both languages: whatever lacks one is a type error. `{name}` is filled in; `{name|을/를}` with
 * the right particle behind it.
 */
interface Entry {
  readonly ko: string;
  readonly en: string | Plural;
}

/** The texts of one screen or part, by key. */
export type Messages = Readonly<Record<string, Entry>>;

/** Declares texts; their keys and parameters are types from here on. */
export function defineMessages<const T extends Messages>(messages: T): T {
  return messages;
}

type NameOf<S> = S extends `${infer Name}|${string}` ? Name : S;
type NamesIn<S> = S extends `${string}{${infer Name}}${infer Rest}` ? NameOf<Name> | NamesIn<Rest> : never;
type English<E extends Entry> = E['en'] extends string ? E['en'] : E['en'][keyof E['en'] & keyof Plural];
type ParametersOf<E extends Entry> = NamesIn<E['ko']> | NamesIn<English<E>>;

/** What is filled in: numbers are written as the language writes them. */
export type Filling<E extends Entry> = [ParametersOf<E>] extends [never]
  ? []
  : [parameters: Readonly<Record<ParametersOf<E> & string, string | number>>];

/** Says a text in the reader's language. */
export type Say<T extends Messages> = <K extends keyof T & string>(
  key: K,
  ...filling: Filling<T[K]>
) => string;

const plurals = once(() => new Intl.PluralRules('en'));
const numbers = {
  ko: once(() => new Intl.NumberFormat('ko-KR')),
  en: once(() => new Intl.NumberFormat('en-GB')),
};

/** Texts in one language. */
export function sayIn<T extends Messages>(messages: T, language: Language): Say<T> {
  return (key, ...[parameters]) => {
    const entry = messages[key] as Entry;
    const given = (parameters ?? {}) as Readonly<Record<string, string | number>>;
    const written = entry[language];
    const text =
      typeof written === 'string'
        ? written
        : plurals().select(Number(given['count'])) === 'one'
          ? written.one
          : written.other;
    return text.replace(/\{(\w+)(?:\|([^}]+))?\}/g, (_all, name: string, particles?: string) => {
      const value = given[name] ?? '';
      const said = typeof value === 'number' ? numbers[language]().format(value) : value;
      return particles === undefined ? said : said + particleAfter(said, particles);
    });
  };
}

const [hangulFirst, hangulLast] = [0xac00, 0xd7a3];
const finals = 28;
/** Digits whose Korean name ends in a consonant. */
const closedDigits = '013678';

/** The particle of a pair such as `을/를` that goes behind a word: the first after a consonant. */
export function particleAfter(word: string, pair: string): string {
  const [closed = '', open = ''] = pair.split('/');
  const last = Array.from(word.replace(/[^\p{L}\p{N}]+$/u, '')).at(-1) ?? '';
  const code = last.codePointAt(0) ?? 0;
  if (code >= hangulFirst && code <= hangulLast) return (code - hangulFirst) % finals === 0 ? open : closed;
  return closedDigits.includes(last) && last !== '' ? closed : open;
}
