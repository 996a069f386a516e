import type { Watched } from '../tracker.ts';

const idleMs = 30_000;

/**
 * How long a page was really used, and how far down. Whoever does nothing for 30 seconds is counted as away from then on, a
 * hidden page as not used.
 */
export function watchEngagement(
  { now, on, emit, onLeave }: Watched,
  which: { readonly time: boolean; readonly scroll: boolean },
): void {
  let lastMs = document.hidden ? 0 : now();
  let [usedMs, depth] = [0, 0];
  const active = (): void => {
    const nowMs = now();
    if (lastMs) usedMs += Math.max(0, Math.min(idleMs, nowMs - lastMs));
    lastMs = nowMs;
  };
  const measure = (): void => {
    const { scrollTop, clientHeight, scrollHeight } = document.scrollingElement ?? document.documentElement;
    depth = Math.max(depth, Math.min(1, (scrollTop + clientHeight) / (scrollHeight || 1)));
  };
  on(window, 'scroll keydown pointerdown pointermove touchstart', active);
  on(window, 'scroll', measure);
  on(document, 'visibilitychange', () => {
    if (!document.hidden) lastMs = now();
  });
  onLeave(() => {
    if (!lastMs) return;
    active();
    measure();
    emit('page_engagement', {
      engaged_seconds: which.time ? Math.round(usedMs) / 1000 : undefined,
      scroll_depth: which.scroll ? Number(depth.toFixed(2)) : undefined,
    });
    [usedMs, depth] = [0, 0];
    if (document.hidden) lastMs = 0;
  });
}
