import type { TrackedItem } from '../kinds.ts';
import type { Watched } from '../tracker.ts';

const shownMs = 1000;
const gatherMs = 1500;
const marked = '[data-octavo-item]';

/**
 * Titles that were seen, and clicked: at least half of an element with `data-octavo-item` in view for a second, once for each
 * list of a page. The list is an element around it with `data-octavo-list`.
 */
export function watchImpressions({ on, emit, onLeave }: Watched): void {
  const timers = new Map<Element, ReturnType<typeof setTimeout>>();
  const seen = new Set<string>();
  const gathered: Record<string, TrackedItem[]> = {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    timer = undefined;
    for (const items of Object.values(gathered))
      while (items.length) emit('view_item_list', { items: items.splice(0, 100) });
  };
  const see = (element: Element): void => {
    const item = itemOf(element as HTMLElement);
    const list = `${item.item_list_id}`;
    const name = `${list} ${item.item_id}`;
    if (seen.has(name)) return;
    seen.add(name);
    (gathered[list] ??= []).push(item);
    timer ||= setTimeout(flush, gatherMs);
  };
  const views = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        clearTimeout(timers.get(target));
        timers.delete(target);
        if (isIntersecting) timers.set(target, setTimeout(see, shownMs, target));
      }
    },
    { threshold: 0.5 },
  );
  const watch = (root: ParentNode): void =>
    root.querySelectorAll(marked).forEach((one) => views.observe(one));
  watch(document);
  new MutationObserver((changes) => {
    for (const { target } of changes) watch(target as Element);
  }).observe(document, { childList: true, subtree: true });
  on(document, 'click', ({ target }) => {
    const element = (target as Element | null)?.closest?.<HTMLElement>(marked);
    if (element?.closest('[data-octavo-list]')) emit('select_item', { items: [itemOf(element)] });
  });
  onLeave(() => {
    clearTimeout(timer);
    flush();
    seen.clear();
  });
}

/** A title as the page marks it: its place in the list is counted where it does not stand there. */
function itemOf(element: HTMLElement): TrackedItem {
  const list = element.closest<HTMLElement>('[data-octavo-list]');
  const { octavoItem, octavoName, octavoIndex, octavoPrice } = element.dataset;
  return {
    item_id: octavoItem ?? '',
    item_name: octavoName,
    item_list_id: list?.dataset['octavoList'],
    item_list_name: list?.dataset['octavoListName'],
    index:
      Number(octavoIndex) || (list ? [...list.querySelectorAll(marked)].indexOf(element) + 1 : undefined),
    price: Number(octavoPrice) || undefined,
  } as TrackedItem;
}
