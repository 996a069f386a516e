import { defineTask, type Task, type TaskRef } from '../../batch/index.ts';
import type { BusinessDay } from '../../base/index.ts';
import type { Deliverer } from './deliverer.ts';
import { areAlertsDue, isDeliveryDue, type Moment } from './due.ts';

/**
 * A task for every page and channel, and one for every channel that alerts go to. Each sends one message, so a retry sends
 * nothing twice that was taken; what the day's numbers are good for is decided when it runs.
 */
export function deliveryTasks(
  deliverer: Deliverer,
  isLate: (day: BusinessDay) => Promise<boolean>,
): readonly Task[] {
  const pages = deliverer.deliveries.flatMap((delivery) =>
    delivery.to.map((channel) =>
      defineTask({
        name: pageTask(delivery.id, channel),
        description: {
          en: `Sends the page '${delivery.page}' to ${channel}`,
          ko: `'${delivery.page}' 페이지를 ${channel} 채널로 보냅니다`,
        },
        parameters: { day: 'day' },
        resources: { delivery: 1 },
        run: async ({ parameters: { day }, signal, count, confirm }) => {
          const message = await deliverer.pageMessage(delivery, day);
          await confirm?.();
          await deliverer.send(channel, message, signal);
          count({ messages: 1, bytes: Buffer.byteLength(message.html) });
        },
      }),
    ),
  );
  const channels = [...new Set(deliverer.alerts.flatMap(({ to }) => to ?? []))];
  const digests = channels.map((channel) =>
    defineTask({
      name: digestTask(channel),
      description: {
        en: `Tells ${channel} of the day's alerts`,
        ko: `그날의 경보를 ${channel} 채널에 알립니다`,
      },
      parameters: { day: 'day' },
      resources: { delivery: 1 },
      run: async ({ parameters: { day }, signal, count, confirm }) => {
        const findings = await deliverer.findings(day, await isLate(day));
        const message = deliverer.digestMessage(channel, findings, day);
        count({
          alerts: findings.filter(({ state }) => state === 'firing').length,
          messages: message === undefined ? 0 : 1,
        });
        if (message === undefined) return;
        await confirm?.();
        await deliverer.send(channel, message, signal);
      },
    }),
  );
  return [...pages, ...digests];
}

/** The tasks that are due now. */
export function dueDeliveries(deliverer: Deliverer, moment: Moment): readonly TaskRef[] {
  const parameters = { day: moment.day };
  const pages = deliverer.deliveries
    .filter((delivery) => isDeliveryDue(delivery, moment))
    .flatMap(({ id, to }) => to.map((channel) => ({ task: pageTask(id, channel), parameters })));
  if (!areAlertsDue(moment)) return pages;
  const channels = new Set(deliverer.alerts.flatMap(({ to }) => to ?? []));
  return [...pages, ...[...channels].map((channel) => ({ task: digestTask(channel), parameters }))];
}

/** Name of the task that sends a page to a channel. */
export function pageTask(delivery: string, channel: string): string {
  return `deliver:${delivery}/${channel}`;
}

function digestTask(channel: string): string {
  return `alerts:${channel}`;
}
