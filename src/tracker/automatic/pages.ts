import type { Watched } from '../tracker.ts';

/** Page views, also of pages that a script shows through the History API; with `hash` those behind a `#` too. */
export function watchPages({ address, guard, on, page, leaving }: Watched): void {
  let shown = address();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const changed = guard((): void => {
    if (address() === shown) return;
    shown = address();
    leaving();
    // The title is mostly changed right after the address.
    clearTimeout(timer);
    timer = setTimeout(page, 50);
  });
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name];
    history[name] = function (...state) {
      original.apply(this, state);
      changed();
    };
  }
  on(window, 'popstate hashchange', changed);
  page();
}
