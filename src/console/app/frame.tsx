import { Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react';
import { useText } from '../i18n/language.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { Navigation } from './navigation-bar.tsx';
import { TabBar } from './tab-bar.tsx';
import { TopBar } from './top-bar.tsx';
import { useCommandKey } from './command-key.ts';
import './frame.css';

const loadCommand = async () => ({ default: (await import('./command.tsx')).Command });
const Command = lazy(loadCommand);

const messages = defineMessages({ skip: { ko: '본문으로 건너뛰기', en: 'Skip to the content' } });

/** Navigation, top bar, and the screen in the middle. */
export function Frame(): ReactNode {
  const say = useText(messages);
  const [finding, setFinding] = useState<boolean>();
  const main = useRef<HTMLElement>(null);
  useCommandKey(() => setFinding(true));
  useFocusOnNewScreen(main);
  // Fetched when the page has come to rest: whoever types right after Ctrl K must not wait for it.
  useEffect(() => whenIdle(() => void loadCommand()), []);
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
      {finding === undefined ? null : (
        <Suspense fallback={null}>
          <Command open={finding} onClose={() => setFinding(false)} />
        </Suspense>
      )}
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

const restMs = 1_500;

/** Calls back once nothing else is to be done; returns what takes it back. */
function whenIdle(call: () => void): () => void {
  const timer = setTimeout(() => {
    // Safari has no idle callbacks.
    if ('requestIdleCallback' in window) requestIdleCallback(call);
    else call();
  }, restMs);
  return () => clearTimeout(timer);
}
