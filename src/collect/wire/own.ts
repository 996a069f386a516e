import { answerText } from '../answer.ts';
import { parseBody } from '../parse-body.ts';
import { scanBody } from './scan-body.ts';
import type { WireShape } from './shape.ts';

/** Where our own events are sent to. */
export const ownPath = '/v1/events';

/** Our own API: `POST /v1/events` with `{ sent_at?, key?, events }` or one event. */
export const ownShape: WireShape = {
  name: 'octavo',
  match: (method, path) => method === 'POST' && path === ownPath,
  read: ({ body, eventsMax }) => scanBody(body, eventsMax) ?? parseBody(body, eventsMax),
  answer: ({ tally, outcomes }) => ({ status: 200, headers: json, body: answerText(tally, outcomes) }),
};

const json = { 'content-type': 'application/json' };
