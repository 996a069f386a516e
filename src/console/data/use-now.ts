import { useEffect, useState } from 'react';
import { now } from './clock.ts';

/** The time, as often as it matters; it stands still while the page is hidden. */
export function useNow(everyMs: number): number {
  const [nowMs, setNow] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setNow(now());
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}
