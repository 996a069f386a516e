import type { ReactNode } from 'react';
import { useText } from '../../i18n/language.tsx';
import { Empty } from '../../parts/empty.tsx';
import { PageHead } from '../../parts/page.tsx';
import { messages } from './messages.ts';

export function Bestsellers(): ReactNode {
  const say = useText(messages);
  return (
    <div className="page">
      <PageHead title={say('title')} />
      <Empty what={say('empty')} />
    </div>
  );
}
