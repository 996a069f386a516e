import { networkOf } from './network.ts';
import type { LineFailure, LogRequest } from '../line/log-request.ts';
import type { DropMatch } from './drops.ts';
import type { Routed, Router } from './routes.ts';
import { visitKey } from './visit-key.ts';
import { parseTarget, type Target } from './target.ts';

/** How requests become events. */
export interface EventRules {
  readonly router: Router;
  readonly drop: DropMatch;
  /** Whether there are rules that drop. */
  readonly drops: boolean;
  /** Put before paths when the log has no host: `https://books.example`. */
  readonly site?: string | undefined;
  /** Name of the program whose log it is. */
  readonly app?: string | undefined;
  /** Whether a path, beyond the routes, is of an API and not of a page. */
  readonly isApi: (path: string) => boolean;
  /** Whether a path may be of an API, by its first part. */
  readonly mayBeApi: (first: string) => boolean;
  /** Kind of lines that are no requests; without it they are failures. */
  readonly kind?: string | undefined;
  /** Whether whole addresses are passed on, for the collector to look up and cut; else the network only. */
  readonly wholeIp: boolean;
}

/** A request that is to become an event; the visit is not known yet. */
export interface LineEvent {
  readonly request: LogRequest;
  readonly kind: string;
  readonly reader: string | undefined;
  readonly routed: Routed | undefined;
  /** What its visit is known by. */
  readonly visit: number;
}

/** The request as an event, or the name of the rule that drops it, or undefined when it is no request and has no kind. */
export function lineEvent(rules: EventRules, request: LogRequest): LineEvent | string | undefined {
  const target: Target | undefined = request.target === undefined ? undefined : parseTarget(request.target);
  const dropped = rules.drop(request, target?.path);
  if (dropped !== undefined) return dropped;
  const routed = target === undefined ? undefined : rules.router.route(request, target);
  const kind =
    routed?.kind ??
    (target === undefined || request.asks !== 'something'
      ? unknownKind(rules, request)
      : plainKind(rules, request, target));
  if (kind === undefined) return undefined;
  const reader = routed?.reader ?? request.user?.slice(0, idMax);
  return { request, kind, reader, routed, visit: visitKey(reader, request.ip, request.agent) };
}

const idMax = 200;

/** What a request is that no route names: a page that was shown, or a call of an API. */
function plainKind({ isApi }: EventRules, { method, status = 200 }: LogRequest, { path }: Target): string {
  const page = method === 'GET' && status < 400 && status >= 200 && !isApi(path);
  return page ? 'page_view' : 'api_request';
}

/** Broken requests (a TLS greeting on a plain port) are told as such; other lines need a kind of their own. */
function unknownKind({ kind }: EventRules, { asks }: LogRequest): string | undefined {
  return kind ?? (asks === 'garbage' ? 'api_request' : undefined);
}

/** Why a line is no event although it could be read. */
export const noRequest: LineFailure = {
  code: 'log_line_invalid',
  rule: 'request',
  message:
    "the line has no request: nothing in it is known as what was asked for; name it in 'fields' (target, method), or set 'kind' to keep such lines as events",
};

/**
 * The event as JSON.
 *
 * @param session - id of the visit, when visits are told apart
 */
export function eventText(
  rules: EventRules,
  line: LineEvent,
  id: string,
  session: string | undefined,
): string {
  const { request, kind, reader, routed } = line;
  let text = `{"id":"${id}","kind":"${kind}","occurred_at":"${request.instant}"`;
  if (reader !== undefined) text += `,"reader_id":${quoted(reader, idMax)}`;
  if (session !== undefined) text += `,"session_id":"${session}"`;
  text += pageText(rules, request);
  if (rules.app !== undefined) text += `,"app":{"name":${quoted(rules.app, idMax)}}`;
  if (routed?.itemId !== undefined) text += `,"items":[{"item_id":${quoted(routed.itemId, idMax)}}]`;
  text += propertiesText(request, routed);
  if (request.agent !== undefined) text += `,"user_agent":${quoted(request.agent, agentMax)}`;
  const ip = request.ip === undefined ? undefined : addressOf(request.ip, rules.wholeIp);
  return ip === undefined ? `${text}}` : `${text},"ip":${quoted(ip, ipMax)}}`;
}

const agentMax = 1000;
const ipMax = 100;
const addressMax = 4000;

function pageText({ site = '' }: EventRules, { target, referrer, host }: LogRequest): string {
  if (target === undefined && referrer === undefined) return '';
  const base =
    target === undefined || target.charCodeAt(0) !== slash
      ? ''
      : host === undefined
        ? site
        : `https://${host}`;
  const url = target === undefined ? '' : `"url":${quoted(base === '' ? target : base + target, addressMax)}`;
  const from = referrer === undefined ? '' : `"referrer":${quoted(referrer, addressMax)}`;
  return `,"page":{${url}${url !== '' && from !== '' ? ',' : ''}${from}}`;
}

const slash = 47;

function propertiesText(
  { method, status, bytes, seconds, extra }: LogRequest,
  routed: Routed | undefined,
): string {
  let text = '';
  if (method !== undefined) text += `,"method":${quoted(method, methodMax)}`;
  if (status !== undefined) text += `,"status":${status}`;
  if (bytes !== undefined) text += `,"bytes":${bytes}`;
  if (seconds !== undefined) text += `,"seconds":${seconds}`;
  const own = routed?.properties;
  // What a kind says of itself goes before what the log says of the request.
  if (own !== undefined || extra !== undefined) {
    const whole = { ...(JSON.parse(`{${text.slice(1)}}`) as object), ...bounded(extra), ...own };
    text = `,${JSON.stringify(whole).slice(1, -1)}`;
  }
  return text.length <= 1 ? '' : `,"properties":{${text.slice(1)}}`;
}

const methodMax = 20;

/** Kept values that are objects or long texts are written as bounded texts. */
function bounded(extra: Readonly<Record<string, unknown>> | undefined): Readonly<Record<string, unknown>> {
  if (extra === undefined) return {};
  const entries = Object.entries(extra).flatMap(([name, value]): [string, unknown][] => {
    if (value === undefined || value === null) return [];
    if (typeof value === 'number' || typeof value === 'boolean') return [[name, value]];
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return [[name, text.slice(0, extraMax).toWellFormed()]];
  });
  return Object.fromEntries(entries);
}

const extraMax = 4000;

/** JSON of a text, cut; most need no escapes, and to see that is several times cheaper than to ask `JSON.stringify`. */
export function quoted(text: string, lengthMax: number): string {
  const cut = text.length > lengthMax ? text.slice(0, lengthMax) : text;
  return plain.test(cut) ? `"${cut}"` : JSON.stringify(cut.toWellFormed());
}

const plain = /^[ !#-[\]-~]*$/;

/** The address, or its network; undefined when it is none. */
function addressOf(ip: string, whole: boolean): string | undefined {
  const network = networkOf(ip);
  return whole && network !== undefined ? ip : network;
}
