/** What reaches people by itself: pages on a schedule, alerts in a digest; by mail or webhook. */
export { parseAlerts, type Alert } from './alert.ts';
export type { AlertFinding } from './evaluate-alert.ts';
export type { Channel, Message } from './channel.ts';
export { createDeliverer, findingData, type Deliverer } from './deliverer.ts';
export { parseDeliveries, type Delivery } from './delivery.ts';
export { isLate, type Moment } from './due.ts';
export { mailChannel, type MailServer } from './mail-channel.ts';
export { drawPicture } from './picture.ts';
export { deliveryTasks, dueDeliveries, pageTask } from './tasks.ts';
export { webhookChannel } from './webhook-channel.ts';
