import type { TrackedEvent } from './kinds.ts';
import type { Consent, Destination, DestinationOptions } from './options.ts';

/** Other tags that are fed with the page's events. */
export interface Destinations {
  send(event: TrackedEvent): void;
  /** Loads those that may run now, and tells the others. */
  consent(consent: Consent | undefined): void;
}

/** Makes the destinations of a page; nothing is loaded before `consent`. */
export function createDestinations(all: readonly DestinationOptions[]): Destinations {
  let allowed: Consent | undefined;
  const parts = all.map(({ id, needs, load }) => {
    let made: Promise<Destination> | undefined;
    // A tag's trouble is not ours, and what it is told waits for it.
    const tell = (act: (tag: Destination) => void): void => void made?.then(act).catch(() => undefined);
    return {
      send: (event: TrackedEvent): void => {
        if (allowed?.[needs]) tell((tag) => tag.send(event));
      },
      consent: (consent: Consent): void => {
        if (consent[needs]) made ??= load().then((module) => module.default(id, window, consent));
        tell((tag) => tag.consent?.(consent));
      },
    };
  });
  return {
    send: (event) => parts.forEach((part) => part.send(event)),
    consent: (consent) => {
      allowed = consent;
      if (consent) parts.forEach((part) => part.consent(consent));
    },
  };
}
