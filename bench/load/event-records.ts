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

/** The columns of such a record, for DuckDB's JSON reader. */
export const recordColumns = Object.entries({
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
  items: 'STRUCT(item_id VARCHAR, item_list_id VARCHAR, "index" INTEGER, price DECIMAL(18,2))[]',
  properties: 'JSON',
})
  .map(([name, type]) => `${name}: '${type}'`)
  .join(', ');
