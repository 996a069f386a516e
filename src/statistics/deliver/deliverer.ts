import { hashJson, OctavoError, suggestion, type BusinessDay, type Storage } from '../../base/index.ts';
import type { ServingStore } from '../../serving/index.ts';
import type { Metric } from '../metric.ts';
import { loadCalendar } from '../page/annotations.ts';
import { koreanHolidays, ownHolidays } from '../page/holidays.ts';
import { MetricValues } from '../page/metric-values.ts';
import type { Pages } from '../page/pages.ts';
import type { Alert } from './alert.ts';
import type { Channel, Message } from './channel.ts';
import type { Delivery } from './delivery.ts';
import { digestOf, findingSentence } from './digest.ts';
import { evaluateAlert, type AlertFinding } from './evaluate-alert.ts';
import { messageFormat, type Language } from './format.ts';
import { pageDocument } from './page-document.ts';

/** What deliveries are made from. */
export interface DelivererOptions {
  readonly pages: Pages;
  /** The project's `pages/` folder, for its holidays. */
  readonly pagesFolder: string;
  readonly storage: Storage;
  readonly store: ServingStore;
  readonly metrics: ReadonlyMap<string, Metric>;
  readonly alerts: readonly Alert[];
  readonly deliveries: readonly Delivery[];
  readonly channels: readonly Channel[];
  /** The store's name and language. */
  readonly name: string;
  readonly language: Language;
  /** Where people open the console; absent: messages hold no links. */
  readonly publicUrl: string | undefined;
  /** Draws a document as a PNG. */
  readonly draw: (document: string) => Promise<Buffer>;
}

/** Writes messages and hands them to channels. It keeps no state: what was sent is known by the tasks. */
export interface Deliverer {
  readonly alerts: readonly Alert[];
  readonly deliveries: readonly Delivery[];
  readonly channels: readonly Channel[];
  /** A page as a message, of a business day. Errors: those of pages. */
  pageMessage(
    delivery: Pick<Delivery, 'page' | 'language' | 'formats' | 'controls'>,
    day: BusinessDay,
  ): Promise<Message>;
  /** What every alert finds of a day. @param late - whether its numbers should be out */
  findings(day: BusinessDay, late: boolean): Promise<readonly AlertFinding[]>;
  /** The digest for a channel; undefined when none of its alerts fires. */
  digestMessage(channel: string, findings: readonly AlertFinding[], day: BusinessDay): Message | undefined;
  /** Errors: `delivery_failed`, `delivery_refused`, `argument_invalid` for an unknown channel. */
  send(channel: string, message: Message, signal?: AbortSignal): Promise<void>;
}

/** A deliverer of a project. */
export function createDeliverer(options: DelivererOptions): Deliverer {
  const { channels, alerts, deliveries, language, name: store } = options;
  return {
    alerts,
    deliveries,
    channels,
    pageMessage: (delivery, day) => pageMessage(options, delivery, day),
    findings: (day, late) => findingsOf(options, day, late),
    digestMessage: (channel, findings, day) => {
      const own = findings.filter(({ alert }) => alert.to?.includes(channel) === true);
      const firing = own.filter(({ state }) => state === 'firing');
      if (firing.length === 0) return undefined;
      const address = addressOf(options, 'statistics');
      const { subject, html, text } = digestOf(own, { day, store, format: messageFormat(language), address });
      const data = {
        kind: 'alerts',
        store,
        business_day: day,
        alerts: firing.map((one) => findingData(one, language)),
      };
      return { id: idOf('alerts', channel, data), subject, html, text, data, pictures: [] };
    },
    send: async (name, message, signal) => {
      const channel = channels.find((one) => one.name === name);
      if (channel === undefined) {
        const known = channels.map((one) => one.name);
        throw new OctavoError('argument_invalid', `there is no channel '${name}'${suggestion(name, known)}`);
      }
      await channel.send(message, signal);
    },
  };
}

/** A finding as programs read it. */
export function findingData(finding: AlertFinding, language: Language): Readonly<Record<string, unknown>> {
  const { alert, metric, state, reason, value, against, day, grain } = finding;
  return {
    id: alert.id,
    metric: metric.name,
    unit: metric.unit,
    grain,
    filter: alert.filter ?? {},
    business_day: day,
    state,
    reason: reason ?? null,
    value,
    compared_day: against?.day ?? null,
    compared_value: against?.value ?? null,
    change: against?.change ?? null,
    sentence: state === 'firing' ? findingSentence(finding, messageFormat(language)) : null,
  };
}

async function pageMessage(
  options: DelivererOptions,
  {
    page: name,
    language = options.language,
    formats = ['html'],
    controls = {},
  }: Pick<Delivery, 'page' | 'language' | 'formats' | 'controls'>,
  day: BusinessDay,
): Promise<Message> {
  const { pages, draw, name: store } = options;
  const page = await pages.page(name);
  const data = await pages.data(name, { ...controls, to: day });
  const address = addressOf(options, `statistics/${name}?to=${day}`);
  const document = pageDocument(page, data, { format: messageFormat(language), store, address });
  const pictures = formats.includes('png')
    ? [{ name: `${name}-${day}.png`, png: await draw(document.html) }]
    : [];
  const content = {
    kind: 'page',
    store,
    page: name,
    language,
    business_day: day,
    blocks: data.blocks,
  };
  return {
    id: idOf('page', name, { content, version: data.version, published: data.published_at }),
    subject: document.title,
    html: document.html,
    text: document.text,
    data: content,
    pictures,
  };
}

async function findingsOf(
  { pagesFolder, storage, store, metrics, alerts }: DelivererOptions,
  day: BusinessDay,
  late: boolean,
): Promise<readonly AlertFinding[]> {
  const { country, holidays: own } = await loadCalendar(pagesFolder, storage);
  const holidays = country === 'KR' ? koreanHolidays(own) : ownHolidays(own);
  const values = new MetricValues(store, metrics);
  const findings: AlertFinding[] = [];
  for (const alert of alerts)
    findings.push(await evaluateAlert({ alert, metrics, values, holidays, day, late }));
  return findings;
}

function addressOf({ publicUrl }: DelivererOptions, path: string): string | undefined {
  return publicUrl === undefined ? undefined : `${publicUrl.replace(/\/+$/, '')}/${path}`;
}

/** Equal messages have equal ids, so that a receiver can drop the second one. */
function idOf(kind: string, name: string, content: unknown): string {
  return `${kind}.${name}.${hashJson(content).slice(0, 24)}`;
}
