import { useState, type ReactNode } from 'react';
import { useLanguage, useText } from '../i18n/language.tsx';
import { defineMessages, languages } from '../i18n/messages.ts';
import { Icon } from '../parts/icon.tsx';
import { Menu } from '../parts/menu.tsx';
import { chooseTheme, themeChoice, themeChoices } from '../theme/theme.ts';
import { languageNames, preferenceText } from './preferences.tsx';

const messages = defineMessages({
  find: { ko: '책, 독자, 목록, 표 찾기', en: 'Find books, readers, lists, tables' },
});

/** Search, the business day and how it stands, and who is reading. */
export function TopBar({ onFind }: { readonly onFind: () => void }): ReactNode {
  const say = useText(messages);
  return (
    <header className="top">
      <button type="button" className="search" onClick={onFind} aria-keyshortcuts="Control+K">
        <Icon name="find" />
        <span className="clip">{say('find')}</span>
        <kbd>Ctrl K</kbd>
      </button>
      <div className="right">
        <span className="wide">
          <Choices />
        </span>
      </div>
    </header>
  );
}

function Choices(): ReactNode {
  const say = useText(preferenceText);
  const { language, choose } = useLanguage();
  const [theme, setTheme] = useState(themeChoice);
  return (
    <Menu
      trigger={
        <button type="button" className="top-choice">
          {languageNames[language]} <Icon name="down" size={12} />
        </button>
      }
      groups={[
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
