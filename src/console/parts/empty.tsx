import type { ReactNode } from 'react';
import './empty.css';

/** What will stand here and how it gets there; one action at most. */
export function Empty({
  what,
  children,
  action,
}: {
  readonly what: ReactNode;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}): ReactNode {
  return (
    <div className="empty">
      <h2>{what}</h2>
      {children === undefined ? null : <p>{children}</p>}
      {action === undefined ? null : <div className="empty-action">{action}</div>}
    </div>
  );
}
