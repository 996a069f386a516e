import { keep, kept } from '../data/keepsake.ts';

/** What the reader may choose; `system` follows the device. */
export const themeChoices = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof themeChoices)[number];
export type Theme = 'light' | 'dark';

const dark = '(prefers-color-scheme: dark)';
/** Told to the window when colours change; charts draw anew. */
export const themeEvent = 'octavo:theme';

/** What the reader chose; `system` until he did. */
export function themeChoice(): ThemeChoice {
  const chosen = kept('octavo.theme');
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system';
}

/** The theme that is shown. */
export function shownTheme(): Theme {
  return document.documentElement.dataset['theme'] === 'dark' ? 'dark' : 'light';
}

/** Keeps the choice and shows it. */
export function chooseTheme(choice: ThemeChoice): void {
  keep('octavo.theme', choice);
  show(choice);
}

/** Follows the device for as long as the reader leaves it the choice. */
export function followSystem(): void {
  matchMedia(dark).addEventListener('change', () => show(themeChoice()));
}

function show(choice: ThemeChoice): void {
  const theme = choice === 'system' ? (matchMedia(dark).matches ? 'dark' : 'light') : choice;
  if (theme === shownTheme()) return;
  document.documentElement.dataset['theme'] = theme;
  window.dispatchEvent(new Event(themeEvent));
}
