import type { ComponentProps, ReactNode } from 'react';
import { useSession } from '../data/session.tsx';
import { useLanguage } from '../i18n/language.tsx';
import { Icon } from '../parts/icon.tsx';
import { languageNames } from './preference-text.ts';

/** Who reads, or in which language; below it stand the choices. */
export function ChoicesButton(props: ComponentProps<'button'>): ReactNode {
  const { language } = useLanguage();
  const { state } = useSession();
  const person = state?.person;
  const name =
    person === undefined || person === null || person.guest ? languageNames[language] : person.name;
  return (
    <button type="button" className="top-choice" aria-haspopup="menu" {...props}>
      {name} <Icon name="down" size={12} />
    </button>
  );
}
