import { OctavoError } from '../base/index.ts';

/** How many may listen to a stream. */
export interface ListenerRoom {
  /** Errors: `live_busy`. Returns what leaves. */
  enter(caller: string): () => void;
}

/** Makes room for so many listeners, and for so many of one caller, so that one can't shut out the others. */
export function createListenerRoom(limits: {
  readonly listenersMax: number;
  readonly callerMax: number;
}): ListenerRoom {
  const { listenersMax, callerMax } = limits;
  const byCaller = new Map<string, number>();
  let listeners = 0;
  return {
    enter: (caller) => {
      const own = byCaller.get(caller) ?? 0;
      if (own >= callerMax) throw new OctavoError('live_busy', `${callerMax} of yours listen already`);
      if (listeners >= listenersMax) throw new OctavoError('live_busy', `${listenersMax} listen already`);
      listeners += 1;
      byCaller.set(caller, own + 1);
      let left = false;
      return () => {
        if (left) return;
        left = true;
        listeners -= 1;
        const others = (byCaller.get(caller) ?? 1) - 1;
        if (others === 0) byCaller.delete(caller);
        else byCaller.set(caller, others);
      };
    },
  };
}
