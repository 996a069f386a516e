import type { ReactNode } from 'react';
import { useFormat, useText } from '../../i18n/language.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import type { PastQuery } from './drafts.ts';
import { messages } from './messages.ts';

/** What was asked in this browser; one of them becomes the text again. */
export function HistorySheet({
  open,
  past,
  onClose,
  onChoose,
}: {
  readonly open: boolean;
  readonly past: readonly PastQuery[];
  readonly onClose: () => void;
  readonly onChoose: (sql: string) => void;
}): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  return (
    <Sheet open={open} onClose={onClose} title={say('history')} closeLabel={say('close')}>
      {past.length === 0 ? (
        <Empty what={say('noHistory')}>{say('historyAbout')}</Empty>
      ) : (
        <>
          <p className="small">{say('historyAbout')}</p>
          <ol className="sql-past">
            {past.map(({ sql, atMs, rows, seconds }) => (
              <li key={`${atMs} ${sql}`}>
                <button type="button" onClick={() => onChoose(sql)}>
                  <code>{sql}</code>
                  <span className="small">
                    {format.moment(atMs)} ·{' '}
                    {rows === undefined
                      ? say('neverRan')
                      : say('rowCount', { count: rows, time: format.duration(seconds ?? 0) })}
                  </span>
                </button>
              </li>
            ))}
          </ol>
        </>
      )}
    </Sheet>
  );
}
