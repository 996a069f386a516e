import { useMemo } from 'react';
import { useText } from '../../i18n/language.tsx';
import { navigation, navigationText } from '../navigation.ts';
import type { FoundCommand } from './command.ts';
import { messages } from './messages.ts';

/** Every screen of the navigation. */
export function useScreens(): readonly FoundCommand[] {
  const say = useText(messages);
  const sayName = useText(navigationText);
  return useMemo(
    () =>
      navigation.map(({ id, path, icon }) => ({
        key: `screen:${id}`,
        group: say('screens'),
        icon,
        label: sayName(id),
        go: path,
        words: `${navigationText[id].ko} ${navigationText[id].en}`,
      })),
    [say, sayName],
  );
}
