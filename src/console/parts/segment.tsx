import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import type { ReactNode } from 'react';
import './segment.css';

export interface SegmentOption<V extends string> {
  readonly value: V;
  readonly label: string;
}

/** One of a few, all in sight; arrow keys move between them. */
export function Segment<V extends string>({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: V;
  readonly options: readonly SegmentOption<V>[];
  readonly onChange: (value: V) => void;
}): ReactNode {
  return (
    <ToggleGroup
      className="seg"
      aria-label={label}
      value={[value]}
      onValueChange={(chosen) => {
        const next = chosen[0];
        if (next !== undefined) onChange(next);
      }}
    >
      {options.map((option) => (
        <Toggle key={option.value} value={option.value} className="seg-option">
          {option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
