import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RecommendedItem } from '../../../api/index.ts';
import { Cover } from '../../parts/cover.tsx';
import { useWords } from './words.ts';

/** Recommended titles in order, each with its reason. */
export function TitleList({
  items,
  reason,
}: {
  readonly items: readonly RecommendedItem[];
  /** Default: the title's own. */
  readonly reason?: (item: RecommendedItem) => string;
}): ReactNode {
  const words = useWords();
  return (
    <ol>
      {items.map((item) => {
        const name = words.title(item);
        return (
          <li key={item.item_id}>
            <Cover title={name} author={words.author(item)} size={36} decorative />
            <span className="listed">
              <Link className="row-link title" to="/titles/$item" params={{ item: item.item_id }}>
                {name}
              </Link>
              <span className="small">{(reason ?? words.reason)(item)}</span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}
