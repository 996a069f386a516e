import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useText } from '../i18n/language.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { ErrorState } from '../parts/error-state.tsx';

const messages = defineMessages({ stopped: { ko: '이 화면이 멈췄습니다', en: 'This screen stopped' } });

/** What stands in the place of a screen whose code failed. The frame around it still works. */
export function Crash({ error, reset }: ErrorComponentProps): ReactNode {
  const say = useText(messages);
  const router = useRouter();
  return (
    <ErrorState
      error={error}
      what={say('stopped')}
      onRetry={() => {
        reset();
        void router.invalidate();
      }}
    />
  );
}
