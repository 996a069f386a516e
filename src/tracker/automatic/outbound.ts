import type { Watched } from '../tracker.ts';

/** Clicks on links that lead to other hosts. */
export function watchOutbound({ on, emit }: Watched): void {
  on(document, 'click auxclick', ({ target }) => {
    const link = (target as Element | null)?.closest?.('a[href]') as HTMLAnchorElement | null | undefined;
    if (link?.protocol.startsWith('http') && link.host !== location.host)
      emit('click', { link_url: link.href, link_domain: link.hostname, outbound: true });
  });
}
