import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/language.tsx';
import { messages } from './messages.ts';

/** Tables and what lies outside of the warehouse, as a task names them; what has a screen leads there. */
export function Makes({
  names,
  fallback,
}: {
  readonly names: readonly string[];
  /** What is said of a task that names nothing. */
  readonly fallback?: string | undefined;
}): ReactNode {
  const say = useText(messages);
  if (names.length === 0)
    return fallback === undefined ? (
      <span className="muted">{say('nothingNeeded')}</span>
    ) : (
      <span className="mono">{fallback}</span>
    );
  return (
    <ul className="run-names">
      {names.map((name) => (
        <li key={name}>
          <MadeName name={name} />
        </li>
      ))}
    </ul>
  );
}

/** `model.sale_lines`, `edition:bestseller/daily`, `source:shop.orders`. */
export function MadeName({ name }: { readonly name: string }): ReactNode {
  const [kind, rest] = name.includes(':')
    ? [name.slice(0, name.indexOf(':')), name.slice(name.indexOf(':') + 1)]
    : ['table', name];
  const [what, which = ''] = rest.split('/');
  if (kind === 'edition' && what === 'bestseller')
    return (
      <Link className="link mono" to="/bestsellers/$list" params={{ list: which }}>
        {rest}
      </Link>
    );
  if (kind === 'table')
    return (
      <Link className="link mono" to="/tables/$table" params={{ table: name }}>
        {name}
      </Link>
    );
  return <span className="mono">{rest}</span>;
}
