import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ListIndex } from '../../../api/index.ts';
import { request } from '../../data/request.ts';
import { useSession } from '../../data/session.tsx';
import { useLanguage, useText } from '../../i18n/language.tsx';
import type { FoundCommand } from './command.ts';
import { messages } from './messages.ts';

/** The bestseller lists, and their comparisons. */
export function useLists(): readonly FoundCommand[] {
  const say = useText(messages);
  const { language } = useLanguage();
  const { may } = useSession();
  const { data } = useQuery({
    queryKey: ['bestsellers', 'lists'],
    queryFn: ({ signal }) => request<ListIndex>('/v1/bestsellers', { signal }),
    enabled: may('bestsellers:read'),
  });
  return useMemo(
    () =>
      (data?.lists ?? []).flatMap(({ list, title }): FoundCommand[] => {
        const name = title[language] ?? title['en'] ?? list;
        const common = {
          group: say('lists'),
          icon: 'list' as const,
          words: `${Object.values(title).join(' ')} ${list}`,
        };
        const go = `/bestsellers/${encodeURIComponent(list)}`;
        return [
          { ...common, key: `list:${list}`, label: name, go },
          { ...common, key: `compare:${list}`, label: say('compare', { list: name }), go: `${go}/compare` },
        ];
      }),
    [data, say, language],
  );
}
