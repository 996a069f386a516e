import { personalColumns } from '../../event/index.ts';
import type { DeclaredColumn } from '../write-columns.ts';
import { eventsInKorean, failedInKorean, withKorean } from './event-columns-korean.ts';

const column = (
  name: string,
  type: string,
  description: string,
): DeclaredColumn & { readonly description: string } => ({
  name,
  type,
  description,
  personal: personalColumns.has(name),
});

const itemType =
  'STRUCT(item_id VARCHAR, item_name VARCHAR, item_category VARCHAR, item_list_id VARCHAR, item_list_name VARCHAR, ' +
  '"index" INTEGER, price DECIMAL(18,2), quantity INTEGER, discount DECIMAL(18,2))[]';

/** `raw.events`. */
export const eventColumns: readonly DeclaredColumn[] = withKorean(eventsInKorean, [
  column('event_id', 'UUID', 'Made by the client, kept over every retry.'),
  column('kind', 'VARCHAR', 'What happened; see docs/reference/events.md.'),
  column('occurred_at', 'TIMESTAMPTZ', 'When it happened; corrected where the client’s clock was off.'),
  column('sent_at', 'TIMESTAMPTZ', 'When the client sent it.'),
  column('received_at', 'TIMESTAMPTZ', 'When the collector took it.'),
  column('reader_id', 'VARCHAR', 'Who, when signed in.'),
  column('device_id', 'VARCHAR', 'On which device.'),
  column('session_id', 'VARCHAR', 'In which visit.'),
  column('source', 'VARCHAR', 'Name of the API key it came with.'),
  column('page_url', 'VARCHAR', 'Page.'),
  column('page_referrer', 'VARCHAR', 'Page before it.'),
  column('page_title', 'VARCHAR', 'Title of the page.'),
  column('app_name', 'VARCHAR', 'Program.'),
  column('app_version', 'VARCHAR', 'Version of the program.'),
  column('app_platform', 'VARCHAR', 'web, ios, android, ereader or server.'),
  column('user_agent', 'VARCHAR', 'The browser’s own words.'),
  column('ip', 'VARCHAR', 'Truncated address.'),
  column('items', itemType, 'Titles in the event, in their order.'),
  column('properties', 'VARCHAR', 'Everything else, as JSON.'),
  column('device_occurred_at', 'TIMESTAMPTZ', 'When it happened by the client’s clock, where that was off.'),
  column('country', 'VARCHAR', 'ISO 3166-1 code, by a proxy’s header or the address.'),
  column('device_type', 'VARCHAR', 'desktop, mobile, tablet, ereader, tv, console, wearable or embedded.'),
  column('os_name', 'VARCHAR', 'System, by user agent and client hints.'),
  column('os_version', 'VARCHAR', 'Its version, where the browser tells it.'),
  column('browser_name', 'VARCHAR', 'Browser, or the app around the page.'),
  column('browser_version', 'VARCHAR', 'Its version.'),
  column('bot', 'BOOLEAN', 'A robot sent it; null where nothing is known of the client.'),
  column('bot_name', 'VARCHAR', 'What the robot calls itself.'),
  column('campaign_source', 'VARCHAR', 'utm_source.'),
  column('campaign_medium', 'VARCHAR', 'utm_medium.'),
  column('campaign_name', 'VARCHAR', 'utm_campaign.'),
  column('campaign_term', 'VARCHAR', 'utm_term, or Naver’s n_query.'),
  column('campaign_content', 'VARCHAR', 'utm_content.'),
  column('campaign_id', 'VARCHAR', 'utm_id.'),
  column('click_id', 'VARCHAR', 'Id of the click at the ad network.'),
  column('click_id_name', 'VARCHAR', 'The parameter it came in, such as gclid.'),
  column('click_network', 'VARCHAR', 'The ad network, such as google or naver.'),
  column('referrer_class', 'VARCHAR', 'internal, direct, search, social, mail, paid, assistant or other.'),
  column('referrer_name', 'VARCHAR', 'The site the reader came from, such as Naver, else its host.'),
  column(
    'enriched_by',
    'VARCHAR',
    'Versions of the rules and files that the columns from device_occurred_at on come from.',
  ),
  column('late', 'BOOLEAN', 'Its own day was sealed already, so it counts for a later one.'),
  column('log_partition', 'INTEGER', 'Where it lay in the event log.'),
  column('log_offset', 'BIGINT', 'Where it lay in the event log.'),
  column('business_day', 'DATE', 'The day it counts for.'),
]);

/** `raw.failed_events`. */
export const failedColumns: readonly DeclaredColumn[] = withKorean(failedInKorean, [
  column('received_at', 'TIMESTAMPTZ', 'When the collector refused it.'),
  column('source', 'VARCHAR', 'Name of the API key it came with.'),
  column('code', 'VARCHAR', 'Stable code of the error.'),
  column('path', 'VARCHAR', 'JSON pointer into the event.'),
  column('rule', 'VARCHAR', 'The rule that was broken.'),
  column('message', 'VARCHAR', 'The error in one sentence.'),
  column('raw', 'VARCHAR', 'The event as it came.'),
  column(
    'event_id',
    'UUID',
    'Its own id, else one that is made of its place in the log: by it a replay is known.',
  ),
  column('kind', 'VARCHAR', 'What happened, where that can be read.'),
  column('occurred_at', 'TIMESTAMPTZ', 'When it happened, where that can be read.'),
  column('sent_at', 'TIMESTAMPTZ', 'When the client sent it.'),
  column('reader_id', 'VARCHAR', 'Who, where that can be read.'),
  column('device_id', 'VARCHAR', 'On which device, where that can be read.'),
  column('session_id', 'VARCHAR', 'In which visit, where that can be read.'),
  column('page_url', 'VARCHAR', 'Page, where that can be read.'),
  column('app_platform', 'VARCHAR', 'web, ios, android, ereader or server, where that can be read.'),
  column('user_agent', 'VARCHAR', 'The browser’s own words.'),
  column('ip', 'VARCHAR', 'Truncated address.'),
  column('log_topic', 'VARCHAR', 'events for a record that the loader could not read, else failed.'),
  column('log_partition', 'INTEGER', 'Where it lay in the log.'),
  column('log_offset', 'BIGINT', 'Where it lay in the log.'),
  column('business_day', 'DATE', 'The day on which it was refused.'),
]);

/** Fields of one record of the topic `events`, with their types for DuckDB's JSON reader. */
const recordFields: Readonly<Record<string, string>> = {
  id: 'UUID',
  kind: 'VARCHAR',
  occurred_at: 'TIMESTAMPTZ',
  sent_at: 'TIMESTAMPTZ',
  received_at: 'TIMESTAMPTZ',
  reader_id: 'VARCHAR',
  device_id: 'VARCHAR',
  session_id: 'VARCHAR',
  source: 'VARCHAR',
  page: 'STRUCT(url VARCHAR, referrer VARCHAR, title VARCHAR)',
  app: 'STRUCT("name" VARCHAR, version VARCHAR, platform VARCHAR)',
  user_agent: 'VARCHAR',
  ip: 'VARCHAR',
  items: itemType,
  properties: 'JSON',
  device_occurred_at: 'TIMESTAMPTZ',
  country: 'VARCHAR',
  client:
    'STRUCT(device VARCHAR, os VARCHAR, os_version VARCHAR, browser VARCHAR, browser_version VARCHAR, bot BOOLEAN, bot_name VARCHAR)',
  campaign:
    'STRUCT("source" VARCHAR, medium VARCHAR, "name" VARCHAR, term VARCHAR, content VARCHAR, id VARCHAR, click_id VARCHAR, ' +
    'click_id_name VARCHAR, network VARCHAR)',
  referrer: 'STRUCT("class" VARCHAR, "name" VARCHAR)',
  enriched_by: 'VARCHAR',
};

/** Type of one record of the topic `events`. */
export const eventRecordType = `STRUCT(${Object.entries(recordFields)
  .map(([name, type]) => `${name} ${type}`)
  .join(', ')})`;

/** Type of one record of the topic `failed`. */
export const failedRecordType =
  'STRUCT(received_at TIMESTAMPTZ, source VARCHAR, error STRUCT(code VARCHAR, path VARCHAR, "rule" VARCHAR, message VARCHAR), raw VARCHAR, ' +
  'sent_at VARCHAR, user_agent VARCHAR, ip VARCHAR)';

/** A text inside a refused event; null where there is none, also in what was cut and is no JSON. */
const inRaw = (path: string): string => `try(json_extract_string(e.raw, '$.${path}'))`;

/** Columns of `raw.events` that a record itself has; the others are decided when it is loaded. */
const recordColumns = eventColumns.filter(({ name }) => name !== 'late' && name !== 'business_day');

/** The same as the columns of a temporary table. */
export const flatColumns: string = recordColumns.map(({ name, type }) => `${name} ${type}`).join(', ');

/** Where the columns stand in a record, in the same order; the last two are not of the record. */
const recordPaths: readonly string[] = [
  'id, kind, occurred_at, sent_at, received_at, reader_id, device_id, session_id, source, page.url, page.referrer',
  'page.title, app."name", app.version, app.platform, user_agent, ip, items, properties::varchar, device_occurred_at, country',
  'client.device, client.os, client.os_version, client.browser, client.browser_version, client.bot, client.bot_name',
  'campaign."source", campaign.medium, campaign."name", campaign.term, campaign.content, campaign.id, campaign.click_id',
  'campaign.click_id_name, campaign.network, referrer."class", referrer."name", enriched_by',
].flatMap((paths) => paths.split(', '));

/** Values of the columns of a record `e` at `p` and `o`. */
export const flatSelect: string = [...recordPaths.map((path) => `e.${path}`), 'p', 'o'].join(', ');

/** How a line is read that has a record's own fields, and its place under two keys. */
export const eventLine = (
  place: Readonly<Record<'partition' | 'offset', string>>,
): Readonly<Record<'fields' | 'select', string>> => ({
  fields: Object.entries({ [place.partition]: 'INTEGER', [place.offset]: 'BIGINT', ...recordFields })
    .map(([name, type]) => `"${name}": '${type}'`)
    .join(', '),
  select: [...recordPaths, `"${place.partition}"`, `"${place.offset}"`]
    .map((path, index) => `${path} as ${recordColumns[index]?.name}`)
    .join(', '),
});

/** Where refused events go, and what of them. */
export const refusedTarget: Readonly<Record<'table' | 'columns' | 'select', string>> = {
  table: 'refused',
  columns: failedColumns
    .filter(({ name }) => name !== 'business_day')
    .map(({ name, type }) => `"${name}" ${type}`)
    .join(', '),
  select: `e.received_at, e.source, e.error.code, e.error.path, e.error."rule", e.error.message, e.raw, ${[
    `coalesce(try_cast(${inRaw('id')} as uuid), cast(md5('octavo failed ' || p || ' ' || o) as uuid))`,
    `${inRaw('kind')}[:200], try_cast(${inRaw('occurred_at')} as timestamptz), try_cast(e.sent_at as timestamptz)`,
    ...['reader_id', 'device_id', 'session_id', 'page.url', 'app.platform'].map(
      (path) => `${inRaw(path)}[:4000]`,
    ),
    'e.user_agent, e.ip',
  ].join(', ')}, 'failed', p, o`,
};
