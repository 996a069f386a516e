import { useState, type ReactNode } from 'react';
import { useLanguage, useText } from '../i18n/language.tsx';
import { languages } from '../i18n/messages.ts';
import { Segment } from '../parts/segment.tsx';
import { chooseTheme, themeChoice, themeChoices, type ThemeChoice } from '../theme/theme.ts';
import { languageNames, preferenceText } from './preference-text.ts';

/** The reader's language and theme. */
export function Preferences(): ReactNode {
  const say = useText(preferenceText);
  const { language, choose } = useLanguage();
  const [theme, setTheme] = useState<ThemeChoice>(themeChoice);
  return (
    <div className="preferences">
      <div>
        <p className="label">{say('language')}</p>
        <Segment
          label={say('language')}
          value={language}
          options={languages.map((value) => ({ value, label: languageNames[value] }))}
          onChange={choose}
        />
      </div>
      <div>
        <p className="label">{say('theme')}</p>
        <Segment
          label={say('theme')}
          value={theme}
          options={themeChoices.map((value) => ({ value, label: say(value) }))}
          onChange={(chosen) => {
            chooseTheme(chosen);
            setTheme(chosen);
          }}
        />
      </div>
    </div>
  );
}
