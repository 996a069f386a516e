import type { Watched } from '../tracker.ts';

type Entry = PerformanceEntry & {
  readonly value?: number;
  readonly hadRecentInput?: boolean;
  readonly interactionId?: number;
  readonly responseStart?: number;
};

/**
 * Core web vitals of the page's load, once, when it is hidden or left: LCP until the first input, CLS as the worst window of
 * shifts (5 s long, gaps below 1 s), INP as the longest interaction (of every 50 one is forgiven), FCP and TTFB.
 */
export function watchVitals({ emit, onLeave, on }: Watched): void {
  const vitals: { cls: number } & Record<string, number | undefined> = { cls: 0 };
  const observe = (type: string, see: (entry: Entry) => void): void => {
    new PerformanceObserver((list) => list.getEntries().forEach(see)).observe({
      type,
      buffered: true,
      durationThreshold: 40,
    } as PerformanceObserverInit);
  };
  let final = false;
  observe('largest-contentful-paint', ({ startTime }) => {
    if (!final) vitals['lcp_ms'] = startTime;
  });
  observe('paint', ({ name, startTime }) => {
    if (name !== 'first-paint') vitals['fcp_ms'] = startTime;
  });
  observe('navigation', ({ responseStart }) => {
    vitals['ttfb_ms'] = responseStart;
  });
  let [firstMs, lastMs, shift] = [0, 0, 0];
  observe('layout-shift', ({ value = 0, hadRecentInput, startTime }) => {
    if (hadRecentInput) return;
    if (startTime - lastMs > 1000 || startTime - firstMs > 5000) [shift, firstMs] = [0, startTime];
    shift += value;
    lastMs = startTime;
    vitals.cls = Math.max(vitals.cls, shift);
  });
  const longest: Record<number, number> = {};
  const interaction = ({ interactionId, duration }: Entry): void => {
    if (interactionId) longest[interactionId] = Math.max(longest[interactionId] ?? 0, duration);
  };
  observe('event', interaction);
  // Also one that was too quick to be told of otherwise.
  observe('first-input', interaction);
  on(window, 'keydown pointerdown', () => (final = true));
  let told = false;
  onLeave(() => {
    if (told) return;
    told = true;
    const sorted = Object.values(longest).toSorted((a, b) => b - a);
    vitals['inp_ms'] = sorted[(sorted.length / 50) | 0];
    for (const name in vitals) vitals[name] = vitals[name] && Number(vitals[name].toFixed(4));
    emit('web_vitals', vitals);
  });
}
