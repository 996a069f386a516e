import type { PastTraffic } from '../api/index.ts';
import type { Platform } from './platform.ts';

/** Events in the warehouse that arrived since the instant, by minute, and how long they were on their way. */
export async function recentTraffic(
  { warehouse, calendar }: Pick<Platform, 'warehouse' | 'calendar'>,
  fromMs: number,
): Promise<PastTraffic> {
  if ((await warehouse.table('raw.events')) === undefined) return { minutes: [], delaySeconds: undefined };
  const from = new Date(fromMs).toISOString();
  const arrived = `business_day >= date '${calendar.dayOf(fromMs)}' and received_at >= timestamptz '${from}'`;
  const { rows } = await warehouse.query(
    `select epoch_ms(date_trunc('minute', received_at)) as at_ms, count(*) as events,
       median(epoch_ms(received_at) - epoch_ms(occurred_at)) as delay_ms
     from raw.events where ${arrived} group by 1`,
  );
  const minutes = rows.map((row) => ({ atMs: Number(row['at_ms']), events: Number(row['events']) }));
  const delays = rows.map((row) => Number(row['delay_ms'])).toSorted((a, b) => a - b);
  const middle = delays[Math.floor(delays.length / 2)];
  return { minutes, delaySeconds: middle === undefined ? undefined : Math.max(0, middle / 1000) };
}
