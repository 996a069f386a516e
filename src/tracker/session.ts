import type { Campaign } from './campaign.ts';
import type { Store } from './store.ts';

/** Who an event is of. */
export interface Identity {
  readonly device_id: string;
  readonly session_id: string;
  readonly reader_id: string | undefined;
}

/** Who reads, and in which visit; all tabs share it. */
export interface Session {
  /** The visit goes on, or a new one begins: after 30 minutes without an event, or with another campaign in a page's address. */
  touch(campaign?: Campaign): { readonly ids: Identity; readonly campaign: Campaign | undefined };
  /** Undefined: the same browser, somebody else, with new ids. */
  setReader(reader: string | undefined): void;
}

/** Device, visit, time of its last event, its campaign, reader. */
type Kept = readonly [string, string, number, Campaign | undefined, string | undefined];

const idleMaxMs = 30 * 60_000;

/** Makes a session over a store. */
export function createSession(options: {
  /** Where it is kept now. */
  readonly store: () => Store;
  readonly name: string;
  readonly now: () => number;
  readonly uuid: () => string;
}): Session {
  const { store, name, now, uuid } = options;
  const load = (): Kept | undefined => {
    try {
      const kept = JSON.parse(store().get(name) ?? '') as Kept;
      return kept[0] ? kept : undefined;
    } catch {
      return undefined;
    }
  };
  const save = (kept: Kept): void => store().set(name, JSON.stringify(kept));
  const fresh = (): Kept => [uuid(), uuid(), now(), undefined, undefined];
  return {
    touch: (campaign) => {
      const nowMs = now();
      const [device, before, lastMs, earlier, reader] = load() ?? fresh();
      const another = campaign && JSON.stringify(campaign) !== JSON.stringify(earlier);
      // A clock that was put back must not make a visit endless.
      const ended = another || Math.abs(nowMs - lastMs) > idleMaxMs;
      const [visit, known] = ended ? [uuid(), campaign] : [before, earlier];
      save([device, visit, nowMs, known, reader]);
      return {
        ids: { device_id: device, session_id: visit, reader_id: reader || undefined },
        campaign: known || undefined,
      };
    },
    setReader: (reader) => {
      const [device, visit, lastMs, campaign] = (reader && load()) || fresh();
      save([device, visit, lastMs, campaign, reader]);
    },
  };
}
