import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useText } from '../i18n/language.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { Command } from './command.tsx';
import { Navigation } from './navigation-bar.tsx';
import { TabBar } from './tab-bar.tsx';
import { TopBar } from './top-bar.tsx';
import { useCommandKey } from './command-key.ts';
import './frame.css';

const messages = defineMessages({ skip: { ko: '본문으로 건너뛰기', en: 'Skip to the content' } });

/** Navigation, top bar, and the screen in the middle. */
export function Frame(): ReactNode {
  const say = useText(messages);
  const [finding, setFinding] = useState(false);
  const main = useRef<HTMLElement>(null);
  useCommandKey(() => setFinding(true));
  useFocusOnNewScreen(main);
  return (
    <div className="frame">
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {say('skip')}
      </a>
      <TopBar onFind={() => setFinding(true)} />
      <Navigation />
      <main id="main" ref={main} tabIndex={-1}>
        <Outlet />
      </main>
      <TabBar />
      <Command open={finding} onClose={() => setFinding(false)} />
    </div>
  );
}

/** A new screen begins at its heading, for readers who do not see that it changed. */
function useFocusOnNewScreen(main: React.RefObject<HTMLElement | null>): void {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const shown = useRef<string>(undefined);
  useEffect(() => {
    const before = shown.current;
    shown.current = path;
    if (before === undefined || before === path) return;
    const heading = main.current?.querySelector<HTMLElement>('h1');
    (heading ?? main.current)?.focus({ preventScroll: true });
  }, [path, main]);
}
