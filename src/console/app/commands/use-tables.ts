import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useSession } from '../../data/session.tsx';
import { useText } from '../../i18n/language.tsx';
import { tableListQuery } from '../../screens/tables/queries.ts';
import type { FoundCommand } from './command.ts';
import { messages } from './messages.ts';

/** The tables of the warehouse. */
export function useTables(): readonly FoundCommand[] {
  const say = useText(messages);
  const { may } = useSession();
  const { data } = useQuery({ ...tableListQuery, enabled: may('tables:read') });
  return useMemo(
    () =>
      (data?.tables ?? []).map(({ table, made_by: tasks }) => ({
        key: `table:${table}`,
        group: say('tables'),
        icon: 'table',
        label: table,
        go: `/tables/${encodeURIComponent(table)}`,
        words: tasks.join(' '),
      })),
    [data, say],
  );
}
