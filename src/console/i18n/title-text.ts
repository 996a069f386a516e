import type { Language } from './messages.ts';

/** A title as any answer names it; English forms where the shop has them. */
export interface NamedTitle {
  readonly title: string;
  readonly title_en?: string | null | undefined;
}

/** An author as any answer names him. */
export interface Authored {
  readonly author?: string | null | undefined;
  readonly author_en?: string | null | undefined;
}

/** The title in the language, or else as the shop writes it. */
export function titleIn(language: Language, { title, title_en: english }: NamedTitle): string {
  return language === 'en' ? (english ?? title) : title;
}

/** The author in the language, or else as the shop writes him; null where none is known. */
export function authorIn(language: Language, { author, author_en: english }: Authored): string | null {
  return (language === 'en' ? (english ?? author) : author) ?? null;
}
