import { useEffect, useRef } from 'react';

/** Esc closes what is open beside the page, and focus goes back to what opened it (the first of the selector). */
export function useEscape(active: boolean, close: () => void, opener: string): void {
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => {
    if (!active) return undefined;
    const listen = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      const row = document.querySelector<HTMLElement>(opener);
      latest.current();
      row?.focus();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [active, opener]);
}
