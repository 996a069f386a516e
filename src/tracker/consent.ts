import type { Consent, TrackerOptions } from './options.ts';

/** What is allowed now; undefined as long as nobody has decided. */
export interface ConsentState {
  current(): Consent | undefined;
  /** What is not named stays as it was. */
  set(change: Partial<Consent>): void;
}

type Signals = { readonly globalPrivacyControl?: boolean; readonly doNotTrack?: string | null };

/** Makes the state of a page. `kept` is what was agreed to on an earlier page. */
export function createConsent(options: TrackerOptions, signals: Signals, kept: string | null): ConsentState {
  const { consent = 'granted', gpc = 'all', dnt = 'off' } = options;
  const all = (allowed: boolean): Consent => ({ analytics: allowed, ads: allowed });
  let state =
    kept !== null
      ? { analytics: true, ads: kept === '2' }
      : consent === 'pending'
        ? undefined
        : all(consent === 'granted');
  const forbidden = [signals.globalPrivacyControl ? gpc : '', signals.doNotTrack === '1' ? dnt : ''];
  return {
    current: () =>
      forbidden.includes('all')
        ? all(false)
        : state && { ...state, ads: state.ads && !forbidden.includes('ads') },
    set: (change) => {
      state = { ...all(false), ...state, ...change };
    },
  };
}
