import { useEffect, useRef, type ReactNode } from 'react';
import './page.css';

/**
 * The head of a screen: its finding as a title, what it is about, its controls. Focus comes here when the
 * screen opens.
 */
export function PageHead({
  title,
  about,
  tools,
  documentTitle,
}: {
  readonly title: ReactNode;
  readonly about?: ReactNode;
  readonly tools?: ReactNode;
  /** For the browser's tab, where the title is no plain text. */
  readonly documentTitle?: string;
}): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  const name = documentTitle ?? (typeof title === 'string' ? title : undefined);
  useEffect(() => {
    if (name !== undefined) document.title = `${name} · Octavo`;
  }, [name]);
  return (
    <div className="head">
      <div className="head-text">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {about === undefined ? null : <p className="muted">{about}</p>}
      </div>
      {tools === undefined ? null : <div className="tools">{tools}</div>}
    </div>
  );
}

/** A section: a dark rule, its name, and what belongs to it at the right. */
export function Section({
  title,
  more,
  children,
}: {
  readonly title: ReactNode;
  readonly more?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section className="section">
      <div className="sub rule">
        <h2>{title}</h2>
        {more === undefined ? null : <span className="more">{more}</span>}
      </div>
      {children}
    </section>
  );
}
