import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { isToBeRun, latestDueDay, runGoals, type TaskRef } from '../batch/index.ts';
import type { BusinessDay } from '../base/index.ts';
import {
  createDeliverer,
  drawPicture,
  dueDeliveries,
  isLate,
  mailChannel,
  webhookChannel,
  type Channel,
  type Deliverer,
  type Moment,
} from '../statistics/index.ts';
import { openPages } from './pages.ts';
import type { Platform } from './platform.ts';
import { runnerOf } from './run-plan.ts';

/** What a project sends, with the channels of its configuration. */
export function openDeliverer(platform: Platform): Deliverer {
  const { project, storage, store, config } = platform;
  return createDeliverer({
    pages: openPages(platform),
    pagesFolder: join(project.root, 'pages'),
    storage,
    store,
    metrics: project.metrics,
    alerts: project.alerts,
    deliveries: project.deliveries,
    channels: Object.keys(config.channels).map((name) => channelOf(platform, name)),
    name: config.name,
    language: config.locale,
    publicUrl: config.http.publicUrl,
    draw: (document) =>
      drawPicture(document, {
        executable: config.delivery.browser,
        path: process.env['PATH'],
        face: findFace(),
      }),
  });
}

/** The console's text face, where its package is installed. */
function findFace(): string | undefined {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('pretendard/package.json'));
    return join(folder, 'dist/web/variable/woff2/PretendardVariable.woff2');
  } catch {
    return undefined;
  }
}

function channelOf({ config, clock }: Platform, name: string): Channel {
  const channel = config.channels[name];
  if (channel === undefined) throw new TypeError(`no channel '${name}'`);
  if (channel.type === 'mail') return mailChannel(name, channel.to, config.mail);
  return webhookChannel({ name, url: channel.url, secret: channel.secret, clock, fetch: globalThis.fetch });
}

/** Sends what is due until the signal aborts; looks every minute, so that a sleeping machine is harmless. */
export async function deliverAll(platform: Platform, signal: AbortSignal): Promise<void> {
  const deliverer = openDeliverer(platform);
  if (deliverer.alerts.length + deliverer.deliveries.length === 0) return;
  while (!signal.aborted) {
    try {
      await deliverDue(platform, deliverer, signal);
    } catch (error) {
      platform.log.error('sending failed, it is tried again', { error });
    }
    await platform.clock.sleep(lookMs, signal).catch(() => undefined);
  }
}

/**
 * Sends what is due now of the newest day that is over. What fails is tried again five times, ten minutes apart; older days are
 * not made up for, so that nobody gets yesterday's mail twice over.
 */
export async function deliverDue(
  platform: Platform,
  deliverer: Deliverer,
  signal?: AbortSignal,
): Promise<readonly TaskRef[]> {
  const { state, registry, clock, calendar } = platform;
  const day = latestDueDay(calendar, clock.now(), 0);
  const sent: TaskRef[] = [];
  for (const ref of dueDeliveries(deliverer, await momentOf(platform, day))) {
    if (signal?.aborted === true) break;
    const past = (await state.cycleDays(ref.task, day)).find((one) => one.day === day);
    if (!isToBeRun(past, { nowMs: clock.now(), attemptsMax, retryMs })) continue;
    const result = await runGoals(
      {
        ...runnerOf(platform),
        registry,
        key: `${ref.task}:${day}`,
        ...(signal === undefined ? {} : { signal }),
      },
      [ref],
    );
    if (result.outcome === 'cancelled') break;
    await state.recordCycleDay(ref.task, day, result.outcome);
    if (result.outcome === 'succeeded') sent.push(ref);
  }
  return sent;
}

/** Whether the day's numbers should be out and are not. */
export async function isDayLate(platform: Platform, day: BusinessDay): Promise<boolean> {
  return isLate(await momentOf(platform, day));
}

async function momentOf({ calendar, clock, store, config }: Platform, day: BusinessDay): Promise<Moment> {
  return {
    calendar,
    nowMs: clock.now(),
    day,
    counted: (await store.current('statistic', 'daily', day)) !== undefined,
    dueAt: config.delivery.numbersDueAt,
  };
}

const lookMs = 60_000;
const attemptsMax = 5;
const retryMs = 600_000;
