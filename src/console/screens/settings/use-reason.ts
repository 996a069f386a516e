import { RequestError } from '../../data/request.ts';
import { useText } from '../../i18n/language.tsx';
import { messages } from './messages.ts';

const known = ['user_exists', 'user_invalid', 'user_last_admin'] as const;

/** Why something did not work, in a sentence. */
export function useReason(): (error: unknown) => string {
  const say = useText(messages);
  return (error) => {
    const code = error instanceof RequestError ? error.code : '';
    const own = known.find((one) => one === code);
    if (own !== undefined) return say(own);
    return say('failed', { detail: error instanceof Error ? error.message : String(error) });
  };
}
