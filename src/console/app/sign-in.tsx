import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { RequestError } from '../data/request.ts';
import { useSession } from '../data/session.tsx';
import { useText } from '../i18n/language.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { Button } from '../parts/button.tsx';
import './sign-in.css';

const messages = defineMessages({
  title: { ko: '로그인', en: 'Sign in' },
  again: { ko: '다시 로그인해 주십시오', en: 'Please sign in again' },
  about: { ko: '{store}의 데이터를 보는 곳입니다.', en: 'Where {store} reads its data.' },
  ended: {
    ko: '세션이 끝났습니다. 화면과 적어 두신 내용은 그대로 있습니다.',
    en: 'Your session has ended. The screen and what you have typed stay as they are.',
  },
  name: { ko: '이름', en: 'Name' },
  password: { ko: '비밀번호', en: 'Password' },
  submit: { ko: '로그인', en: 'Sign in' },
  waiting: { ko: '확인하는 중…', en: 'Checking…' },
  wrong: { ko: '이름이나 비밀번호가 맞지 않습니다.', en: 'The name or the password is not right.' },
  limited: {
    ko: '시도가 너무 많았습니다. 잠시 뒤에 다시 해 주십시오.',
    en: 'There were too many attempts. Please wait a little.',
  },
  unreachable: {
    ko: '서버가 응답하지 않습니다. 잠시 뒤에 다시 해 주십시오.',
    en: 'The server does not answer. Please try again in a moment.',
  },
  failed: { ko: '로그인하지 못했습니다.', en: 'Signing in did not work.' },
  nobody: {
    ko: '아직 사람이 없습니다. 서버에서 이 명령으로 첫 사람을 더하십시오.',
    en: 'Nobody has been added yet. Add the first person on the server with this command.',
  },
});

/** The form; it closes by itself when the session is there. */
export function SignIn({ again }: { readonly again: boolean }): ReactNode {
  const say = useText(messages);
  const { state, signIn } = useSession();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [waiting, setWaiting] = useState(false);
  const [error, setError] = useState<unknown>();
  const ids = useId();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setWaiting(true);
    setError(undefined);
    try {
      await signIn(name.trim(), password);
    } catch (failure) {
      setError(failure);
      setWaiting(false);
    }
  };
  return (
    <form className="sign-in" onSubmit={(event) => void submit(event)}>
      <p className="muted">
        {again || state?.expired === true
          ? say('ended')
          : say('about', { store: state?.store.name ?? 'Octavo' })}
      </p>
      {state?.accounts === false ? (
        <p className="small">
          {say('nobody')} <code className="sign-in-command">octavo users add … --role admin</code>
        </p>
      ) : null}
      <label htmlFor={`${ids}-name`}>{say('name')}</label>
      <input
        id={`${ids}-name`}
        className="ctl"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <label htmlFor={`${ids}-password`}>{say('password')}</label>
      <input
        id={`${ids}-password`}
        className="ctl"
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <p role="alert" className="sign-in-error">
        {error === undefined ? '' : say(reasonOf(error))}
      </p>
      <Button primary type="submit" disabled={waiting}>
        {say(waiting ? 'waiting' : 'submit')}
      </Button>
    </form>
  );
}

/** The title above the form. */
export function useSignInTitle(again: boolean): string {
  const say = useText(messages);
  return say(again ? 'again' : 'title');
}

function reasonOf(error: unknown): 'wrong' | 'limited' | 'unreachable' | 'failed' {
  if (!(error instanceof RequestError)) return 'failed';
  if (error.status === 401) return 'wrong';
  if (error.status === 429) return 'limited';
  return error.status === 0 ? 'unreachable' : 'failed';
}
