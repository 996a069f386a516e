import type { Watched } from '../tracker.ts';

const idleMs = 30_000;
const handMs = 1000;

/**
 * How long a page was really used, and how far down. Whoever does nothing for 30 seconds is counted as away from then on, a
 * hidden page as not used. The first screen counts as its share of the page; further down counts only where the reader has
 * scrolled: within a second after a wheel, finger, pointer or key, and as long as it goes on from there.
 */
export function watchEngagement({ now, on, emit, onLeave }: Watched, time: boolean, scroll: boolean): void {
  let lastMs = document.hidden ? 0 : now();
  let [usedMs, depth, signMs] = [0, 0, 0];
  const active = (): void => {
    const nowMs = now();
    if (lastMs) usedMs += Math.max(0, Math.min(idleMs, nowMs - lastMs));
    lastMs = signMs = nowMs;
  };
  const measure = (byHand: boolean): void => {
    const seen = (byHand ? scrollY : 0) + innerHeight;
    depth = Math.max(depth, Math.min(1, seen / document.documentElement.scrollHeight));
  };
  on(window, 'wheel keydown pointerdown pointermove touchmove', active);
  on(window, 'scroll', () => {
    if (now() - signMs > handMs) return;
    active();
    measure(true);
  });
  on(document, 'visibilitychange', () => {
    if (!document.hidden) lastMs = now();
  });
  onLeave(() => {
    if (!lastMs) return;
    active();
    measure(false);
    emit('page_engagement', {
      engaged_seconds: time ? Math.round(usedMs) / 1000 : undefined,
      scroll_depth: scroll ? Number(depth.toFixed(2)) : undefined,
    });
    [usedMs, depth] = [0, 0];
    if (document.hidden) lastMs = 0;
  });
}
