import type { ReactNode } from 'react';
import { RequestError } from '../data/request.ts';
import { useText } from '../i18n/language.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { Button } from './button.tsx';
import './error-state.css';

const messages = defineMessages({
  failed: { ko: '이 부분을 불러오지 못했습니다', en: 'This part could not be loaded' },
  unreachable: { ko: '서버가 응답하지 않습니다', en: 'The server does not answer' },
  unreachableNext: {
    ko: '서버가 다시 살아나면 이어집니다. 적어 두신 내용은 그대로 있습니다.',
    en: 'This goes on when it is back. What you have typed stays as it is.',
  },
  forbidden: { ko: '이 화면을 볼 권한이 없습니다', en: 'Your role does not show this' },
  forbiddenNext: {
    ko: '관리자에게 역할을 바꿔 달라고 하실 수 있습니다.',
    en: 'An administrator can give you another role.',
  },
  signedOut: { ko: '로그인이 필요합니다', en: 'You are not signed in' },
  signedOutNext: {
    ko: '다시 로그인하면 여기서 이어집니다.',
    en: 'Sign in again and this goes on from here.',
  },
  retry: { ko: '다시 시도', en: 'Try again' },
  copy: { ko: '자세한 내용 복사', en: 'Copy the details' },
  request: { ko: '요청', en: 'request' },
});

/** What happened, where, what to do; the code in small type. */
export function ErrorState({
  error,
  what,
  onRetry,
}: {
  readonly error: unknown;
  /** Says what stopped, where the place that failed knows it. */
  readonly what?: ReactNode;
  readonly onRetry?: () => void;
}): ReactNode {
  const say = useText(messages);
  const known = error instanceof RequestError ? error : undefined;
  const [title, next] =
    known?.status === 0
      ? [say('unreachable'), say('unreachableNext')]
      : known?.status === 403
        ? [say('forbidden'), say('forbiddenNext')]
        : known?.status === 401
          ? [say('signedOut'), say('signedOutNext')]
          : [what ?? say('failed'), known?.problem?.hint];
  const detail = known?.status === 0 ? undefined : (known?.problem?.detail ?? textOf(error));
  const details = JSON.stringify(known?.problem ?? { message: textOf(error) }, null, 2);
  return (
    <div className="error" role="alert">
      <h2>{title}</h2>
      {detail === undefined ? null : <p lang="en">{detail}</p>}
      {next === undefined ? null : <p className="muted">{next}</p>}
      <p className="small">
        {known === undefined ? null : <code>{known.code}</code>}
        {known?.problem?.instance === undefined ? null : (
          <>
            {' '}
            · {say('request')} <code>{known.problem.instance}</code>
          </>
        )}
      </p>
      <div className="row">
        {onRetry === undefined ? null : (
          <Button icon="again" onClick={onRetry}>
            {say('retry')}
          </Button>
        )}
        <Button icon="copy" onClick={() => void navigator.clipboard.writeText(details)}>
          {say('copy')}
        </Button>
      </div>
    </div>
  );
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
