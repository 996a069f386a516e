import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { LiveProvider } from '../data/live.tsx';
import { createQueryClient } from '../data/query-client.ts';
import { SessionProvider } from '../data/session.tsx';
import { whenRested } from '../data/when-rested.ts';
import { LanguageProvider } from '../i18n/language.tsx';
import { followSystem } from '../theme/theme.ts';
import { Gate } from './gate.tsx';
import { createConsoleRouter } from './router.ts';
import '../theme/tokens.css';
import '../theme/base.css';
import '../theme/print.css';

/** Shows the console in the page. */
export function start(page: Document): void {
  const place = page.getElementById('console');
  if (place === null) return;
  followSystem();
  const queries = createQueryClient();
  // Letters come behind the first answers: the page is readable in the system's until they are here.
  whenRested(queries, () => void import('../theme/fonts.css'));
  const router = createConsoleRouter(queries);
  const nonce = page.querySelector<HTMLElement>('meta[name=style-nonce]')?.nonce;
  createRoot(place).render(
    <StrictMode>
      <CSPProvider {...(nonce === undefined || nonce === '' ? {} : { nonce })}>
        <QueryClientProvider client={queries}>
          <LanguageProvider>
            <SessionProvider>
              <Gate>
                <LiveProvider>
                  <RouterProvider router={router} />
                </LiveProvider>
              </Gate>
            </SessionProvider>
          </LanguageProvider>
        </QueryClientProvider>
      </CSPProvider>
    </StrictMode>,
  );
}
