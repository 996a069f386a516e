import { useMemo } from 'react';
import { useLanguage, useText } from '../i18n/language.tsx';
import { defineMessages, languages } from '../i18n/messages.ts';
import type { IconName } from '../parts/icon.tsx';
import { chooseTheme, shownTheme } from '../theme/theme.ts';
import { navigation, navigationText } from './navigation.ts';
import { languageNames } from './preferences.tsx';

/** Something that can be gone to or done. */
export interface FoundCommand {
  readonly key: string;
  readonly group: string;
  readonly icon: IconName;
  readonly label: string;
  readonly note?: string;
  /** An address of the console, or what to do. */
  readonly go: string | (() => void);
  /** Other words that find it. */
  readonly words?: string;
}

const messages = defineMessages({
  screens: { ko: '화면', en: 'Screens' },
  actions: { ko: '명령', en: 'Actions' },
  toDark: { ko: '어둡게 보기', en: 'Use the dark theme' },
  toLight: { ko: '밝게 보기', en: 'Use the light theme' },
  toLanguage: { ko: '{name}로 보기', en: 'Read in {name}' },
  print: { ko: '이 화면 인쇄', en: 'Print this screen' },
  apiDocs: { ko: 'API 문서', en: 'API documentation' },
});

/** What the text finds, in groups: screens, then actions. */
export function useCommands(text: string): readonly FoundCommand[] {
  const screens = useScreens();
  const actions = useActions();
  return useMemo(
    () => [...screens, ...actions].filter((command) => matches(command, text)),
    [screens, actions, text],
  );
}

function useScreens(): readonly FoundCommand[] {
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

function useActions(): readonly FoundCommand[] {
  const say = useText(messages);
  const { language, choose } = useLanguage();
  return useMemo(() => {
    const group = say('actions');
    const other = languages.find((one) => one !== language) ?? language;
    return [
      {
        key: 'theme',
        group,
        icon: 'settings',
        label: say(shownTheme() === 'dark' ? 'toLight' : 'toDark'),
        go: () => chooseTheme(shownTheme() === 'dark' ? 'light' : 'dark'),
        words: 'theme dark light 테마',
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
    ];
  }, [say, language, choose]);
}

function matches(command: FoundCommand, text: string): boolean {
  const hay = `${command.label} ${command.note ?? ''} ${command.words ?? ''}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word));
}
