import type { TrackedEvent } from '../kinds.ts';
import type { Destination } from '../options.ts';
import { loadTag } from './tag.ts';

interface Counter {
  inflow(domain?: string): void;
  trans(conversion: Readonly<Record<string, unknown>>): void;
}
type Page = Window &
  typeof globalThis & { wcs?: Counter; wcs_add?: Record<string, string>; wcs_do?: () => void };

const waitMs = 250;
const triesMax = 80;
const waitingMax = 100;

/** Naver's premium log analysis. It has no place for an event id; an order is recognised by its own. */
export default function naver(id: string, window: Page): Destination {
  const waiting: TrackedEvent[] = [];
  const run = ({ kind, items, properties }: TrackedEvent): void => {
    if (kind === 'page_view') {
      window.wcs?.inflow();
      window.wcs_do?.();
      return;
    }
    const order = kind === 'purchase';
    window.wcs?.trans({
      type: kind,
      ...(order ? { id: properties['transaction_id'], value: `${properties['value'] as number}` } : {}),
      ...(order && items
        ? {
            items: items.map(({ item_id: item, item_name: name = item, quantity = 1, price = 0 }) => ({
              id: item,
              name,
              quantity,
              payAmount: price * quantity,
            })),
          }
        : {}),
    });
  };
  const flush = (left: number): void => {
    if (window.wcs) waiting.splice(0).forEach(run);
    else if (left > 0) window.setTimeout(flush, waitMs, left - 1);
  };
  (window.wcs_add ??= {})['wa'] = id;
  if (!window.wcs) loadTag(window, 'https://wcs.naver.net/wcslog.js');
  flush(triesMax);
  return {
    send: (event) => {
      if (!/^(page_view|purchase|sign_up)$/.test(event.kind) || waiting.length >= waitingMax) return;
      waiting.push(event);
      if (window.wcs) flush(0);
    },
  };
}
