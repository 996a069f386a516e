import { useMemo, type ReactNode } from 'react';
import type { FailedRows } from '../../../api/index.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { DataTable, type Column } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { StatePill } from '../../parts/state-pill.tsx';
import { summaryOf } from './event-summary.ts';
import { messages } from './messages.ts';
import type { Outcomes } from './use-replay.ts';

type Row = FailedRows['rows'][number];

/** Refused events one by one, and what became of each. */
export function ReasonRows({
  rows,
  outcomes,
  selected,
  onOpen,
}: {
  readonly rows: readonly Row[];
  readonly outcomes: Outcomes;
  readonly selected: string | undefined;
  readonly onOpen: (row: Row) => void;
}): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const columns = useMemo((): readonly Column<Row>[] => {
    const stateOf = ({ place, resolved }: Row): 'isStoredShort' | 'refusedAgain' | 'waits' => {
      const status = outcomes.get(place)?.status;
      if (resolved || status === 'accepted' || status === 'duplicate') return 'isStoredShort';
      return status === 'failed' ? 'refusedAgain' : 'waits';
    };
    return [
      {
        id: 'at',
        head: say('at'),
        width: 132,
        value: ({ received_at }) => received_at,
        cell: ({ received_at }) => <span className="num nowrap">{format.moment(received_at)}</span>,
      },
      {
        id: 'what',
        head: say('what'),
        value: ({ event }) => summaryOf(event),
        cell: ({ event }) => (
          <span className="clip events-what">
            <span className="mono">{kindOf(event)}</span> {summaryOf(event)}
          </span>
        ),
      },
      { id: 'source', head: say('source'), width: 120, wideOnly: true, value: ({ source }) => source },
      {
        id: 'state',
        head: say('became'),
        width: 104,
        value: (row) => say(stateOf(row)),
        cell: (row) => {
          const state = stateOf(row);
          if (state === 'waits') return <span className="muted">{say(state)}</span>;
          return <StatePill state={state === 'isStoredShort' ? 'ok' : 'late'}>{say(state)}</StatePill>;
        },
      },
    ];
  }, [say, format, outcomes]);
  return (
    <DataTable
      caption={say('oneByOne')}
      columns={columns}
      rows={rows}
      keyOf={({ place }) => place}
      selected={selected}
      onOpen={onOpen}
      empty={<Empty what={say('reasonGone')} />}
    />
  );
}

function kindOf(event: unknown): string {
  const kind = typeof event === 'object' && event !== null && 'kind' in event ? event.kind : undefined;
  return typeof kind === 'string' ? kind : '';
}
