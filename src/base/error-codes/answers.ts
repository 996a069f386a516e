import { kind, type ErrorKind } from './kind.ts';

/** The errors of what is made from the warehouse, and of the API. */
export const answerErrors = {
  // api
  key_missing: kind(
    401,
    'this needs an API key',
    'send `Authorization: Bearer <key>`; make one with `octavo keys create`',
  ),
  key_invalid: kind(401, 'this API key is not valid', 'look whether it was revoked: `octavo keys list`'),
  key_not_found: kind(404, 'there is no such API key', 'see `octavo keys list`'),
  scope_missing: kind(403, 'this API key may not do that', 'use a key with the scope that is named'),
  session_expired: kind(401, 'the session has ended', 'sign in again'),
  sign_in_failed: kind(
    401,
    'the name or the password is not right',
    'try again; an administrator can set a new password',
  ),
  sign_in_limited: kind(429, 'there were too many attempts to sign in', 'wait a little', true),
  page_foreign: kind(403, 'another page sent this in your name', 'use the console itself, or an API key'),
  password_weak: kind(
    400,
    'this password is too easy to guess',
    'take ten letters or more, without the name in it',
  ),
  user_exists: kind(409, 'there is somebody of this name', 'choose another name'),
  user_not_found: kind(404, 'there is nobody of this name', 'see `octavo users`'),
  user_last_admin: kind(
    409,
    'nobody else could administer the store',
    'make somebody else an administrator first',
  ),
  user_invalid: kind(400, 'a user is not described correctly', 'correct what is named'),
  live_busy: kind(
    503,
    'too many listen to the live stream',
    'ask /v1/cycle instead, or come back later',
    true,
  ),
  tail_absent: kind(404, 'this process takes no events', 'ask the process that collects, `octavo start`'),
  route_not_found: kind(404, 'there is nothing at this address', 'see /docs for what there is'),
  method_not_allowed: kind(
    405,
    'this address has no such method',
    'use one of the methods of the Allow header; see /docs',
  ),
  body_too_large: kind(413, 'the body is too large', 'send less at once'),
  list_not_found: kind(404, 'there is no such bestseller list', 'see /v1/bestsellers, or `octavo lists`'),
  category_not_found: kind(404, 'this list has no such category', 'use `all`, or one of its categories'),
  item_not_on_list: kind(404, 'the title is not on the list', 'look at another day, list or category'),
  item_not_found: kind(404, 'nothing is known of this title', 'look at its id'),
  reader_not_found: kind(404, 'the shop knows no such reader', 'look at the id'),
  recommender_not_found: kind(404, 'there is no such recommender', 'see the project’s recommenders folder'),
  // statistics
  metric_not_found: kind(404, 'there is no such metric', 'see /v1/metrics, or `octavo metrics`'),
  metric_invalid: kind(400, 'a metric definition is not valid', 'correct the named file and line'),
  alert_invalid: kind(400, 'an alert is not valid', 'correct the named place of the file'),
  delivery_invalid: kind(400, 'a delivery is not valid', 'correct the named place of the file'),
  delivery_failed: kind(
    503,
    'a message could not be delivered',
    'it is tried again; look at the channel',
    true,
  ),
  delivery_refused: kind(502, 'a message was refused', 'correct the channel in octavo.config.ts'),
  browser_missing: kind(
    500,
    'there is no Chromium to draw a picture with',
    'install one, or name it in `delivery.browser`; the formats html and CSV need none',
  ),
  page_not_found: kind(404, 'there is no such statistics page', 'see /v1/pages'),
  page_invalid: kind(400, 'a statistics page is not valid', 'correct the named file and line'),
  block_not_found: kind(404, 'the page has no such block', 'see the page’s items'),
  block_broken: kind(409, 'this part of the page cannot be answered', 'correct the named file and line'),
  dimension_not_found: kind(404, 'the metric has no such dimension', 'use one of its dimensions'),
  // serving
  edition_not_found: kind(
    404,
    'there is no such edition',
    'see `octavo lists`, or leave the edition out for the current one',
  ),
  edition_invalid: kind(500, 'an edition could not be stored as it was given', 'correct what produces it'),
  edition_damaged: kind(
    500,
    'a stored edition cannot be read',
    'publish the day again; older editions are whole',
  ),
  // bestseller
  list_invalid: kind(400, 'a bestseller list is not declared correctly', 'correct the named file and line'),
  day_not_sealed: kind(
    409,
    'the business day is not sealed yet',
    'make it first: `octavo backfill --from … --to …`',
    true,
  ),
  list_check_failed: kind(
    409,
    'a bestseller list did not pass its checks, so it was not published',
    'look at the named figure; the last edition stays',
  ),
  day_not_built: kind(
    409,
    'days of a model that is counted are not built',
    'build them with `octavo backfill model:<name> --from <day> --to <day>`',
  ),
  // simulate
  simulate_send_failed: kind(
    502,
    'the collector did not take the events',
    'see that `octavo start` runs at this address',
    true,
  ),
  // recommend
  recommender_invalid: kind(
    400,
    'a recommender is not declared correctly',
    'correct the named key; see docs/guides/recommendations.md',
  ),
  interactions_too_many: kind(
    500,
    'there are more interactions than a recommender may read',
    'lower historyDays',
  ),
} as const satisfies Record<string, ErrorKind>;
