import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useSession } from '../../data/session.tsx';
import { useText } from '../../i18n/language.tsx';
import { useStageName } from '../../i18n/use-stage.ts';
import { tasksQuery } from '../../screens/runs/queries.ts';
import type { FoundCommand } from './command.ts';
import { messages } from './messages.ts';

/** The tasks of the batch. */
export function useTasks(): readonly FoundCommand[] {
  const say = useText(messages);
  const stageName = useStageName();
  const { may } = useSession();
  const { data } = useQuery({ ...tasksQuery, enabled: may('status:read') });
  return useMemo(
    () =>
      (data?.tasks ?? []).map(({ task, stage }) => ({
        key: `task:${task}`,
        group: say('tasks'),
        icon: 'runs',
        label: task,
        note: stageName(stage),
        go: `/runs/${encodeURIComponent(task)}`,
      })),
    [data, say, stageName],
  );
}
