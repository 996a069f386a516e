import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import './select.css';

export interface SelectOption {
  readonly value: string;
  readonly label: string;
}

/** One of many. The browser's own list: full keyboard, and the phone's own picker. */
export function Select({
  label,
  value,
  options,
  shown,
  labelHidden = false,
  onChange,
}: {
  /** Read aloud, and shown before the value. */
  readonly label: string;
  readonly value: string;
  readonly options: readonly SelectOption[];
  /** The label is only read aloud: a head says it already. */
  readonly labelHidden?: boolean;
  /** Stands in place of the chosen option's label. */
  readonly shown?: string;
  readonly onChange: (value: string) => void;
}): ReactNode {
  const chosen = shown ?? options.find((option) => option.value === value)?.label ?? value;
  return (
    <span className="ctl select">
      <span aria-hidden="true" className="clip">
        {labelHidden ? chosen : `${label}: ${chosen}`}
      </span>
      <Icon name="down" size={12} />
      <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </span>
  );
}
