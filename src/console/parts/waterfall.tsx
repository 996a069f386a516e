import type { ReactNode } from 'react';
import { useFormat } from '../i18n/language.tsx';
import './waterfall.css';

interface Step {
  readonly label: string;
  readonly value: number;
}

/** From a whole, step by step, to what remains. */
export function Waterfall({
  whole,
  minus,
  rest,
}: {
  readonly whole: Step;
  readonly minus: readonly Step[];
  readonly rest: Step;
}): ReactNode {
  const format = useFormat();
  const share = (value: number): number => (whole.value === 0 ? 0 : (value / whole.value) * 100);
  const leftAfter = (place: number): number =>
    minus.slice(0, place + 1).reduce((left, step) => left - step.value, whole.value);
  return (
    <div className="fall">
      <Bar label={whole.label} value={format.number(whole.value)} from={0} width={100} />
      {minus.map((step, place) => (
        <Bar
          key={step.label}
          label={step.label}
          value={format.signed(-step.value)}
          from={share(leftAfter(place))}
          width={share(step.value)}
          minus
        />
      ))}
      <Bar label={rest.label} value={format.number(rest.value)} from={0} width={share(rest.value)} strong />
    </div>
  );
}

function Bar({
  label,
  value,
  from,
  width,
  minus = false,
  strong = false,
}: {
  readonly label: string;
  readonly value: string;
  readonly from: number;
  readonly width: number;
  readonly minus?: boolean;
  readonly strong?: boolean;
}): ReactNode {
  return (
    <>
      <span className={strong ? 'sum' : ''}>{label}</span>
      <span className={strong ? 'num sum' : 'num'}>{value}</span>
      <span className="fall-bar" aria-hidden="true">
        <i className={minus ? 'minus' : ''} style={{ left: `${from}%`, width: `${width}%` }} />
      </span>
    </>
  );
}
