import type { Consent, Destination } from '../options.ts';
import { loadTag } from './tag.ts';

type Gtag = (...values: readonly unknown[]) => void;
type Page = Window & typeof globalThis & { dataLayer?: unknown[]; gtag?: Gtag };

/** What Analytics measures itself, or has no use for. */
const own = /^(identify|group|click|page_engagement|web_vitals|script_error|tracker_report)$/;

/**
 * Google Analytics 4 by `gtag`, with consent mode v2. Each event carries Octavo's id as `event_id`, so that a copy which a
 * server sends is recognised. Source: developers.google.com/tag-platform/security/guides/consent
 */
export default function ga4(id: string, window: Page, consent: Consent): Destination {
  const layer = (window.dataLayer ??= []);
  const known = window.gtag;
  const gtag: Gtag =
    known ??
    function () {
      // The tag wants the arguments' own object.
      // oxlint-disable-next-line prefer-rest-params
      layer.push(arguments);
    };
  const state = ({ analytics, ads }: Consent): Readonly<Record<string, string>> => {
    const [toCount, toShow] = [analytics, ads].map((one) => (one ? 'granted' : 'denied'));
    return {
      analytics_storage: toCount ?? '',
      ad_storage: toShow ?? '',
      ad_user_data: toShow ?? '',
      ad_personalization: toShow ?? '',
    };
  };
  if (known) gtag('consent', 'update', state(consent));
  else {
    window.gtag = gtag;
    gtag('consent', 'default', state(consent));
    gtag('js', new Date());
    loadTag(window, `https://www.googletagmanager.com/gtag/js?id=${encodeURIComponent(id)}`);
  }
  gtag('config', id, { send_page_view: false });
  return {
    send: ({ id: eventId, kind, page, items, reader_id: reader, properties }) => {
      if (own.test(kind)) return;
      gtag('event', kind, {
        // The tag knows the campaign from the address.
        ...properties,
        campaign: undefined,
        ...(items ? { items } : {}),
        ...(reader ? { user_id: reader } : {}),
        page_location: page?.url,
        page_referrer: page?.referrer,
        page_title: page?.title,
        event_id: eventId,
        send_to: id,
      });
    },
    consent: (now) => gtag('consent', 'update', state(now)),
  };
}
