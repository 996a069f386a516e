const startMs = Date.parse('2026-03-02T00:00:00Z');
const kinds = ['view_item', 'view_item_list', 'page_view', 'page_view', 'search'];

/** Events as the collector stores them, numbered from `first`: a busy hour of a shop, two in five with titles. */
export function eventRecords(first: number, count: number): readonly Buffer[] {
  return Array.from({ length: count }, (_, index) => Buffer.from(eventText(first + index)));
}

function eventText(serial: number): string {
  const occurredMs = startMs + (serial % 3_600_000);
  const occurred = new Date(occurredMs).toISOString();
  const kind = kinds[serial % kinds.length] as string;
  const item = (at: number): string =>
    `{"item_id":"t-${(serial * 31 + at * 7) % 40_000}","item_list_id":"home-best","index":${at},"price":12000}`;
  const items =
    kind === 'view_item'
      ? `,"items":[${item(1)}]`
      : kind === 'view_item_list'
        ? `,"items":[${[1, 2, 3, 4].map(item).join(',')}]`
        : '';
  const properties = kind === 'search' ? `,"properties":{"search_term":"소설 ${serial % 900}"}` : '';
  return (
    `{"id":"${eventId(occurredMs, serial)}","kind":"${kind}","occurred_at":"${occurred}","reader_id":"r${serial % 20_000}",` +
    `"device_id":"d3b07384-d113-4ec5-a5d6-${String(serial % 30_000).padStart(12, '0')}","session_id":"s-${serial % 50_000}",` +
    `"page":{"url":"https://books.example/titles/t-${serial % 40_000}?from=home","referrer":"https://books.example/","title":"한 권의 책"},` +
    `"app":{"name":"store","version":"4.12.0","platform":"web"}${items}${properties},"sent_at":"${occurred}",` +
    `"received_at":"${occurred}","source":"shop","user_agent":"Mozilla/5.0 (X11; Linux x86_64)","ip":"203.0.113.0"}`
  );
}

/** A uuid of version 7 that differs for every serial number. */
function eventId(ms: number, serial: number): string {
  const time = ms.toString(16).padStart(12, '0');
  const tail = serial.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7c3d-9a4b-${tail}`;
}

/** What the columns of a record are that nobody enriched, and of one that a collector did. */
const recordTypes: Readonly<Record<string, string>> = {
  id: 'UUID',
  kind: 'VARCHAR',
  occurred_at: 'TIMESTAMPTZ',
  sent_at: 'TIMESTAMPTZ',
  received_at: 'TIMESTAMPTZ',
  reader_id: 'VARCHAR',
  device_id: 'VARCHAR',
  session_id: 'VARCHAR',
  source: 'VARCHAR',
  page: structOf('url referrer title'),
  app: structOf('name version platform'),
  user_agent: 'VARCHAR',
  ip: 'VARCHAR',
  items:
    'STRUCT(item_id VARCHAR, item_name VARCHAR, item_category VARCHAR, item_list_id VARCHAR, item_list_name VARCHAR, ' +
    '"index" INTEGER, price DECIMAL(18,2), quantity INTEGER, discount DECIMAL(18,2))[]',
  properties: 'JSON',
  device_occurred_at: 'TIMESTAMPTZ',
  country: 'VARCHAR',
  client:
    'STRUCT(device VARCHAR, os VARCHAR, os_version VARCHAR, browser VARCHAR, browser_version VARCHAR, bot BOOLEAN, bot_name VARCHAR)',
  campaign: structOf('source medium name term content id click_id click_id_name network'),
  referrer: structOf('class name'),
  enriched_by: 'VARCHAR',
};

/** Of such records, what the loader reads and writes: every column of the table, by DuckDB's JSON reader. */
export const recordColumns = Object.entries(recordTypes)
  .map(([name, type]) => `${name}: '${type}'`)
  .join(', ');

/** The columns as the table has them: a field of a struct is a column of its own. */
export const recordSelect = Object.entries(recordTypes)
  .flatMap(([name, type]) => {
    const fields = type.endsWith('[]') ? null : /^STRUCT\((.*)\)$/.exec(type);
    return fields?.[1] === undefined
      ? [name]
      : fields[1]
          .split(', ')
          .map(
            (field) =>
              `${name}.${field.split(' ')[0]} as ${name}_${field.split(' ')[0]?.replaceAll('"', '')}`,
          );
  })
  .concat("false as late, 0 as log_partition, 0::bigint as log_offset, date '2026-03-02' as business_day")
  .join(', ');

function structOf(names: string): string {
  return `STRUCT(${names
    .split(' ')
    .map((name) => `"${name}" VARCHAR`)
    .join(', ')})`;
}
