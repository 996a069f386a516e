import { useMemo } from 'react';
import type { RecommendedItem } from '../../../api/index.ts';
import { useLanguage, useText } from '../../i18n/language.tsx';
import { authorIn, titleIn, type Authored, type NamedTitle } from '../../i18n/title-text.ts';
import { messages } from './messages.ts';

export interface RecommendationWords {
  /** A title's name in the reader's language. */
  title(of: NamedTitle): string;
  author(of: Authored): string | null;
  /** Why a title is recommended. */
  reason(item: RecommendedItem): string;
  /** A recommender by what it does. */
  algorithm(name: string, algorithm: string | null): string;
}

/** Titles, reasons and algorithms in the reader's language. */
export function useWords(): RecommendationWords {
  const say = useText(messages);
  const { language } = useLanguage();
  return useMemo(() => {
    const title = (of: NamedTitle): string => titleIn(language, of);
    return {
      title,
      author: (of) => authorIn(language, of),
      reason: ({ reason, because_of: because }) => {
        if (reason === 'popular') return say('popularReason');
        const [first, second] = because.map(title);
        if (first === undefined) return reason;
        if (reason === 'next_in_series') return say('nextReason', { title: first });
        if (reason !== 'similar_to') return reason;
        if (second === undefined) return say('similarReason', { title: first });
        return say('similarTwo', { title: first, second });
      },
      algorithm: (name, algorithm) =>
        algorithm === 'graph-filter'
          ? say('graphFilter')
          : algorithm === 'item-to-item'
            ? say('itemToItem')
            : algorithm === 'popularity'
              ? say('popularity')
              : name,
    };
  }, [say, language]);
}
