import { useEffect, useRef, type ReactNode } from 'react';
import { useFormat, useText } from '../../i18n/language.tsx';
import { messages } from './messages.ts';

const linePattern = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (debug|info|warn|error) ([\s\S]*)$/;
/** Nearer to the end than this, the log follows what comes. */
const nearPx = 24;

/** What an attempt logged; it follows new lines as long as its end is in sight. */
export function LogLines({
  lines,
  open,
  label,
  tail,
}: {
  readonly lines: readonly string[];
  /** The attempt is at work: more may come. */
  readonly open: boolean;
  readonly label: string;
  /** Only the last so many. */
  readonly tail?: number;
}): ReactNode {
  const say = useText(messages);
  const frame = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const shown = tail === undefined ? lines : lines.slice(-tail);
  useEffect(() => {
    const element = frame.current;
    if (lines.length > 0 && element !== null && follows.current) element.scrollTop = element.scrollHeight;
  }, [lines]);
  if (shown.length === 0) return <p className="small run-log-none">{say('noLog')}</p>;
  return (
    <div
      ref={frame}
      className="run-log"
      role="log"
      aria-label={label}
      aria-live="off"
      tabIndex={0}
      onScroll={({ currentTarget: at }) => {
        follows.current = at.scrollHeight - at.scrollTop - at.clientHeight < nearPx;
      }}
    >
      {shown.map((line, index) => (
        <LogLine key={index} line={line} />
      ))}
      {open ? <span className="run-caret" aria-hidden="true" /> : null}
    </div>
  );
}

function LogLine({ line }: { readonly line: string }): ReactNode {
  const format = useFormat();
  const [, at, level, text] = linePattern.exec(line) ?? [];
  if (at === undefined) return <div>{line}</div>;
  return (
    <div className={`log-${level}`}>
      <time dateTime={at}>{format.timeExact(at)}</time> {level === 'info' ? '' : `${level} `}
      {text}
    </div>
  );
}
