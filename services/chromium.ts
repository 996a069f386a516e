import { existsSync } from 'node:fs';
import type { Need } from './needs.ts';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'] as const;

/** The browser that the console is tested in. */
export function chromiumPath(): string {
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error('Chromium is missing: apt-get install chromium');
  return found;
}

/** What is missing for the console's tests. */
export function missingForConsole(): readonly Need[] {
  if (places.some((place) => existsSync(place))) return [];
  return [{ what: 'Chromium', how: 'apt-get install chromium' }];
}
