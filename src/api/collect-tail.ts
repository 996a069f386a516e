import type { IncomingMessage, ServerResponse } from 'node:http';
import { OctavoError, type Clock } from '../base/index.ts';
import type { EventFeed } from '../collect/index.ts';
import { bearerOf } from './authentication.ts';
import { createEventTail, type TailFilter } from './event-tail.ts';
import type { KeyStore } from './keys.ts';

/** The event tail of a process that only collects: `/v1/events/tail` with the same query, scopes and answers as the API's. */
export interface CollectTail {
  /** Streams to whoever may look on. Errors: `key_missing`, `key_invalid`, `scope_missing`, `argument_invalid`, `live_busy`. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
  close(): void;
}

/** Where it is. */
export const tailPath = '/v1/events/tail';

const texts = ['kind', 'source', 'reader', 'text'] as const;
const textMax = 200;

/** Makes the tail over what this process takes. */
export function createCollectTail(options: {
  readonly feed: EventFeed;
  readonly keys: Pick<KeyStore, 'verify'>;
  readonly clock: Clock;
}): CollectTail {
  const { feed, keys, clock } = options;
  const tail = createEventTail({ feed, clock });
  return {
    answer: async (request, response) => {
      const key = bearerOf(request.headers.authorization);
      if (key === undefined) throw new OctavoError('key_missing', `GET ${tailPath}`);
      const record = keys.verify(key);
      if (record === undefined) throw new OctavoError('key_invalid');
      if (!record.scopes.includes('tables:read'))
        throw new OctavoError('scope_missing', `'tables:read' is not among ${record.scopes.join(', ')}`);
      const filter = filterOf(request.url ?? '');
      const personal = record.scopes.includes('personal:read');
      if (filter.reader !== undefined && !personal)
        throw new OctavoError('scope_missing', `'reader' needs 'personal:read'`);
      await tail.join({
        response,
        filter,
        personal,
        caller: `key ${record.name}`,
        allowed: () => keys.verify(key) !== undefined,
      });
    },
    close: () => tail.close(),
  };
}

function filterOf(url: string): TailFilter {
  const filter: Record<string, string | boolean> = {};
  const at = url.indexOf('?');
  for (const [name, value] of at < 0 ? [] : new URLSearchParams(url.slice(at + 1))) {
    if (name === 'failed' && (value === 'true' || value === 'false')) filter[name] = value === 'true';
    else if (texts.some((one) => one === name) && value.length > 0 && value.length <= textMax)
      filter[name] = value;
    else throw new OctavoError('argument_invalid', `querystring ${name.slice(0, 64)}`);
  }
  return filter;
}
