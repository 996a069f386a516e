import { useState, type ReactNode } from 'react';
import { useSession } from '../data/session.tsx';
import { useLanguage, useText } from '../i18n/language.tsx';
import { languages } from '../i18n/messages.ts';
import { Menu } from '../parts/menu.tsx';
import { chooseTheme, themeChoice, themeChoices } from '../theme/theme.ts';
import { ChoicesButton } from './choices-button.tsx';
import { languageNames, preferenceText } from './preference-text.ts';
import { roleText } from './role-text.ts';

/** Language, theme, and signing out. It opens at once: it was loaded because somebody asked for it. */
export function ChoicesMenu(): ReactNode {
  const say = useText(preferenceText);
  const sayRole = useText(roleText);
  const { state, signOut } = useSession();
  const { language, choose } = useLanguage();
  const [theme, setTheme] = useState(themeChoice);
  const person = state?.person;
  return (
    <Menu
      defaultOpen
      trigger={<ChoicesButton />}
      groups={[
        ...(person === undefined || person === null || person.guest
          ? []
          : [
              {
                label: sayRole(person.role),
                items: [{ key: 'out', label: sayRole('signOut'), onSelect: () => void signOut() }],
              },
            ]),
        {
          label: say('language'),
          items: languages.map((value) => ({
            key: value,
            label: <span lang={value}>{languageNames[value]}</span>,
            chosen: value === language,
            onSelect: () => choose(value),
          })),
        },
        {
          label: say('theme'),
          items: themeChoices.map((value) => ({
            key: value,
            label: say(value),
            chosen: value === theme,
            onSelect: () => {
              chooseTheme(value);
              setTheme(value);
            },
          })),
        },
      ]}
    />
  );
}
