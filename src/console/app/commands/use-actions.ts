import { useMemo } from 'react';
import { useSession } from '../../data/session.tsx';
import { useLanguage, useText } from '../../i18n/language.tsx';
import { languages } from '../../i18n/messages.ts';
import { chooseTheme, shownTheme } from '../../theme/theme.ts';
import { languageNames } from '../preference-text.ts';
import type { FoundCommand } from './command.ts';
import { messages } from './messages.ts';

/** What can be done from anywhere. */
export function useActions(): readonly FoundCommand[] {
  const say = useText(messages);
  const { language, choose } = useLanguage();
  const { state, signOut } = useSession();
  const signedIn = state?.person?.guest === false;
  return useMemo(() => {
    const group = say('actions');
    const dark = shownTheme() === 'dark';
    const other = languages.find((one) => one !== language) ?? language;
    return [
      {
        key: 'theme',
        group,
        icon: 'settings',
        label: say(dark ? 'toLight' : 'toDark'),
        go: () => chooseTheme(dark ? 'light' : 'dark'),
        words: 'theme dark light 테마 밝기',
      },
      {
        key: 'language',
        group,
        icon: 'settings',
        label: say('toLanguage', { name: languageNames[other] }),
        go: () => choose(other),
        words: 'language 언어 korean english 한국어 영어',
      },
      {
        key: 'print',
        group,
        icon: 'export',
        label: say('print'),
        go: () => window.print(),
        words: 'print 인쇄',
      },
      {
        key: 'docs',
        group,
        icon: 'external',
        label: say('apiDocs'),
        go: () => window.location.assign('/docs'),
        words: 'api docs openapi 문서',
      },
      ...(signedIn
        ? [
            {
              key: 'out',
              group,
              icon: 'person',
              label: say('signOut'),
              go: () => void signOut(),
              words: 'sign out logout 로그아웃',
            } as const,
          ]
        : []),
    ];
  }, [say, language, choose, signedIn, signOut]);
}
