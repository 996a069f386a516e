import { useEffect, useState, type ReactNode } from 'react';

const waitMs = 400;

/** A text that narrows what is shown, once the reader has stopped typing. */
export function TextFilter({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}): ReactNode {
  const [typed, setTyped] = useState(value ?? '');
  const [seen, setSeen] = useState(value);
  // The address was changed from elsewhere.
  if (seen !== value) {
    setSeen(value);
    if ((value ?? '') !== typed.trim()) setTyped(value ?? '');
  }
  useEffect(() => {
    const next = typed.trim();
    if (next === (value ?? '')) return undefined;
    const timer = setTimeout(() => onChange(next === '' ? undefined : next), waitMs);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <input
      className="ctl events-text"
      type="search"
      aria-label={label}
      placeholder={label}
      spellCheck={false}
      maxLength={200}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}
