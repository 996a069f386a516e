import type { ReactNode } from 'react';
import type { State } from './state-pill.tsx';
import './banner.css';

/** One sentence what, one what next. */
export function Banner({
  state = 'watch',
  what,
  next,
  children,
}: {
  readonly state?: State;
  readonly what: ReactNode;
  readonly next?: ReactNode;
  /** An action. */
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <div className={`banner ${state}`} role="status">
      <b>{what}</b>
      {next === undefined ? null : <span>{next}</span>}
      {children}
    </div>
  );
}
