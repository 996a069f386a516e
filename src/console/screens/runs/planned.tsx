import type { ReactNode } from 'react';
import type { TaskPlan } from '../../../api/index.ts';
import { useText } from '../../i18n/language.tsx';
import { messages } from './messages.ts';

const shown = 8;

/** What will run. */
export function Planned({ plan }: { readonly plan: TaskPlan }): ReactNode {
  const say = useText(messages);
  if (plan.count === 0) return <p className="muted">{say('nothingMissing')}</p>;
  return (
    <>
      <p>{say('willRun', { count: plan.count, present: plan.present })}</p>
      <ul className="run-planned mono">
        {plan.runs.slice(0, shown).map((id) => (
          <li key={id}>{id}</li>
        ))}
        {plan.count > shown ? (
          <li className="muted">{say('andMore', { count: plan.count - shown })}</li>
        ) : null}
      </ul>
    </>
  );
}
