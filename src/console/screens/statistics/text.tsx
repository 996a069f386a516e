import type { ReactNode } from 'react';
import type { PageData } from '../../../api/index.ts';
import type { Inline, TextNode, ValueAnswer } from './page-types.ts';
import { directionOf, type PageWords } from './words.ts';

/** A paragraph, heading, list or quotation of a page, with its values filled in. */
export function Text({
  node,
  data,
  words,
}: {
  readonly node: TextNode;
  readonly data: PageData | undefined;
  readonly words: PageWords;
}): ReactNode {
  const inner = (children: readonly Inline[]): ReactNode =>
    children.map((child, place) => <Words key={place} node={child} data={data} words={words} />);
  switch (node.type) {
    case 'heading':
      return node.depth <= 2 ? <h2>{inner(node.children)}</h2> : <h3>{inner(node.children)}</h3>;
    case 'paragraph':
      return <p className="text">{inner(node.children)}</p>;
    case 'quote':
      return (
        <blockquote>
          {node.children.map((child, place) => (
            <Text key={place} node={child} data={data} words={words} />
          ))}
        </blockquote>
      );
    case 'list': {
      const List = node.ordered ? 'ol' : 'ul';
      return (
        <List className="text-list text">
          {node.items.map((item, place) => (
            <li key={place}>
              {item.map((child, inside) =>
                child.type === 'paragraph' ? (
                  <span key={inside}>{inner(child.children)}</span>
                ) : (
                  <Text key={inside} node={child} data={data} words={words} />
                ),
              )}
            </li>
          ))}
        </List>
      );
    }
  }
}

function Words({
  node,
  data,
  words,
}: {
  readonly node: Inline;
  readonly data: PageData | undefined;
  readonly words: PageWords;
}): ReactNode {
  switch (node.type) {
    case 'text':
      return node.text;
    case 'code':
      return <code>{node.text}</code>;
    case 'break':
      return <br />;
    case 'value':
      return (
        <Value
          answer={data?.values[node.id] as unknown as ValueAnswer | undefined}
          data={data}
          words={words}
        />
      );
    case 'strong':
    case 'emphasis':
    case 'link': {
      const inner = node.children.map((child, place) => (
        <Words key={place} node={child} data={data} words={words} />
      ));
      if (node.type !== 'link') return node.type === 'strong' ? <b>{inner}</b> : <em>{inner}</em>;
      return isSafe(node.url) ? (
        <a className="link" href={node.url}>
          {inner}
        </a>
      ) : (
        inner
      );
    }
  }
}

function Value({
  answer,
  data,
  words,
}: {
  readonly answer: ValueAnswer | undefined;
  readonly data: PageData | undefined;
  readonly words: PageWords;
}): ReactNode {
  if (answer === undefined) return <span className="value-wait">…</span>;
  if ('problem' in answer) {
    const { file, line, message } = answer.problem;
    return (
      <span className="value-broken" title={message}>
        {file}:{line}
      </span>
    );
  }
  if ('comparison' in answer) {
    const { comparison, unit } = answer;
    const { change } = comparison;
    const grain = comparison.kind === 'same_weekday' || isOneDay(comparison, data) ? 'day' : 'month';
    return <span className={directionOf(change)}>{words.comparison(comparison, unit, grain)}</span>;
  }
  const { value, type, unit } = answer;
  return typeof value === 'number'
    ? words.value(value, unit)
    : words.cell(value, { type, unit, role: 'value' });
}

/** Whether single days are compared: the day before, or 52 weeks before. */
function isOneDay(
  { kind, day }: { readonly kind: string; readonly day: string },
  data: PageData | undefined,
): boolean {
  if (data === undefined) return true;
  const days = Math.round((Date.parse(data.controls.to) - Date.parse(day)) / 86_400_000);
  return kind === 'previous' ? days === 1 : days === 364;
}

/** Links of the console itself, and of the web. */
function isSafe(url: string): boolean {
  return /^(https?:\/\/|\/(?!\/))/.test(url);
}
