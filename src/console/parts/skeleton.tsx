import type { ReactNode } from 'react';
import { useText } from '../i18n/language.tsx';
import { defineMessages } from '../i18n/messages.ts';
import './skeleton.css';

const messages = defineMessages({ loading: { ko: '불러오는 중입니다', en: 'Loading' } });
const widths = [92, 70, 84, 61, 77, 88, 66, 80];

/** Lines where text will stand; `rows` of them, `height` apart. */
export function Skeleton({
  rows = 5,
  height,
}: {
  readonly rows?: number;
  readonly height?: number;
}): ReactNode {
  const say = useText(messages);
  return (
    <div role="status" aria-busy="true" aria-label={say('loading')}>
      {Array.from({ length: rows }, (_, index) => (
        <div
          key={index}
          className="skeleton-row"
          style={{
            ...(height === undefined ? {} : { height }),
            maxWidth: `${widths[index % widths.length]}%`,
          }}
        >
          <div className="skeleton" />
        </div>
      ))}
    </div>
  );
}
