import type { ReactNode } from 'react';
import { Spark } from './spark.tsx';
import './figure.css';

/** A fair comparison: how much, and with what, in words. */
export interface Comparison {
  /** `+3.2 %`. */
  readonly text: string;
  readonly direction: 'up' | 'down' | 'even';
  /** `on last Monday`. */
  readonly against: string;
}

export interface FigureProps {
  readonly label: ReactNode;
  /** Undefined while it loads; null where there is none. */
  readonly value: string | null | undefined;
  readonly comparison?: Comparison | undefined;
  /** Why there is no value, or why it may still change. */
  readonly note?: ReactNode;
  /** A late value is grey. */
  readonly late?: boolean;
  readonly trend?: readonly (number | null)[] | undefined;
}

/** A number with what it is to be held against. */
export function Figure({ label, value, comparison, note, late = false, trend }: FigureProps): ReactNode {
  return (
    <div className={`figure ${late ? 'late' : ''}`}>
      <div className="label">{label}</div>
      {value === undefined ? (
        <div className="skeleton-row figure-wait" aria-busy="true">
          <div className="skeleton" />
        </div>
      ) : (
        <b>{value ?? '–'}</b>
      )}
      {comparison === undefined ? null : (
        <div className="small">
          <span className={comparison.direction === 'even' ? '' : comparison.direction}>
            {comparison.text}
          </span>{' '}
          {comparison.against}
        </div>
      )}
      {note === undefined ? null : <div className="small">{note}</div>}
      {trend === undefined ? null : <Spark values={known(trend)} width={138} height={28} />}
    </div>
  );
}

/** From the first day with a value on: before it the store was not there. */
function known(trend: readonly (number | null)[]): readonly (number | null)[] {
  return trend.slice(
    Math.max(
      0,
      trend.findIndex((value) => value !== null),
    ),
  );
}

/** Figures in a row, parted by hairlines. */
export function Figures({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className="figures">{children}</div>;
}
