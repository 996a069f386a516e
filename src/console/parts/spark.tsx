import type { ReactNode } from 'react';

/**
 * A line without axes beside a number; decoration, the values stand elsewhere. `inverted` puts 1 on top,
 * for ranks.
 */
export function Spark({
  values,
  width = 96,
  height = 22,
  inverted = false,
  open = false,
}: {
  /** Null where there is no value; the line is broken there. */
  readonly values: readonly (number | null)[];
  readonly width?: number;
  readonly height?: number;
  readonly inverted?: boolean;
  /** The last value is of a day that is not over: its dot is drawn open. */
  readonly open?: boolean;
}): ReactNode {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return <svg width={width} height={height} aria-hidden="true" className="spark" />;
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const x = (index: number): number => 2 + (index * (width - 6)) / Math.max(1, values.length - 1);
  const y = (value: number): number => {
    const share = high === low ? 0.5 : (value - low) / (high - low);
    return 3 + (inverted ? share : 1 - share) * (height - 6);
  };
  let path = '';
  let drawing = false;
  values.forEach((value, index) => {
    if (value !== null) path += `${drawing ? 'L' : 'M'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
    // A value between gaps would be no line at all: with a round end it is a dot.
    if (value !== null && !drawing && (values[index + 1] ?? null) === null) path += 'h0.01';
    drawing = value !== null;
  });
  const last = values.findLastIndex((value) => value !== null);
  return (
    <svg width={width} height={height} aria-hidden="true" className="spark">
      <path
        d={path}
        fill="none"
        stroke="var(--ink-2)"
        strokeWidth="1.300"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      <circle
        cx={x(last)}
        cy={y(values[last] ?? 0)}
        r="2"
        fill={open ? 'var(--paper)' : 'var(--ink-2)'}
        stroke="var(--ink-2)"
      />
    </svg>
  );
}
