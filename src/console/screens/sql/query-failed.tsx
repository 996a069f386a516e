import type { ReactNode } from 'react';
import { RequestError } from '../../data/request.ts';
import { useText } from '../../i18n/language.tsx';
import { Button } from '../../parts/button.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { messages } from './messages.ts';

const reasons = {
  query_invalid: 'notValid',
  query_refused: 'refused',
  query_timeout: 'timeout',
  query_memory: 'memory',
  query_busy: 'busy',
  query_limited: 'busy',
  table_not_found: 'noSuchTable',
} as const;

/** Why a question has no answer; where its text is wrong, the way there. */
export function QueryFailed({
  error,
  onRetry,
  onGoTo,
}: {
  readonly error: unknown;
  readonly onRetry: () => void;
  readonly onGoTo: (place: { readonly line: number; readonly column: number }) => void;
}): ReactNode {
  const say = useText(messages);
  const code = error instanceof RequestError ? error.code : '';
  if (!(error instanceof RequestError) || !Object.hasOwn(reasons, code))
    return <ErrorState error={error} onRetry={onRetry} />;
  const { line, column } = (error.problem ?? {}) as { line?: number; column?: number };
  const known = reasons[code as keyof typeof reasons];
  const title =
    line === undefined ? say(known) : say('notValidAt', { line: String(line), column: String(column ?? 1) });
  return (
    <div className="error" role="alert">
      <h2>{title}</h2>
      <pre lang="en">{sentence(error)}</pre>
      <p className="small">
        <code>{code}</code> · <span lang="en">{error.problem?.hint}</span>
      </p>
      <div className="row">
        {line === undefined ? null : (
          <Button icon="right" onClick={() => onGoTo({ line, column: column ?? 1 })}>
            {say('goThere')}
          </Button>
        )}
        {error.retryable ? (
          <Button icon="again" onClick={onRetry}>
            {say('run')}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

/** The engine's words without what the title says, and without its drawing: the line is marked in the text. */
function sentence({ message, problem }: RequestError): string {
  const begin = `${problem?.title ?? ''}: `;
  const words = message.startsWith(begin) ? message.slice(begin.length) : message;
  return words.replace(/\n+LINE \d+: [\s\S]*$/, '');
}
