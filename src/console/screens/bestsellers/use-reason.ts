import { useText } from '../../i18n/language.tsx';
import { messages } from './messages.ts';

const known = ['refunded', 'repeat', 'free', 'paid', 'no_buyer', 'filter'] as const;

/** Why copies do not count, in words; a reason of the project's own is called as it calls itself. */
export function useReasonName(): (reason: string) => string {
  const say = useText(messages);
  return (reason) => {
    const plain = known.find((one) => one === reason);
    if (plain !== undefined) return say(plain);
    const [family, own = ''] = reason.split(':');
    if (family === 'kind') return say('otherKind', { kind: own });
    if (family === 'not_countable') return say('notCountable', { reason: own });
    return reason;
  };
}
