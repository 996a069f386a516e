import { OctavoError } from '../../../base/index.ts';
import { eventKinds, isEventError, isKindName, validateEvent } from '../../../event/index.ts';
import type { LogRequest } from '../line/log-request.ts';
import { placed } from '../placed.ts';
import { globMatch, type TextMatch } from './glob.ts';
import { decodePart, partsOf, queryValue, type Target } from './target.ts';

/**
 * Which requests are which kind of event. Values are `:name` (a part of the path), `?name` (of the query), `$user`, `$method`,
 * `$status` or a text that stands for itself.
 */
export interface RouteRule {
  /** `/books/:id`, `/files/*`; `*` at the end stands for any further parts. */
  readonly path: string;
  /** Default GET. */
  readonly method?: string | readonly string[];
  /** Statuses from and to. Default 200 to 399. */
  readonly status?: readonly [number, number];
  readonly kind: string;
  /** The title that it is about. */
  readonly item?: string;
  /** The reader, when it is not the log's user. */
  readonly reader?: string;
  readonly properties?: Readonly<Record<string, string>>;
}

/** What a route made of a request. */
export interface Routed {
  readonly kind: string;
  readonly itemId?: string | undefined;
  readonly reader?: string | undefined;
  readonly properties?: Readonly<Record<string, string | number>> | undefined;
}

/** Finds what requests are. */
export interface Router {
  /** Undefined when no route applies. */
  route(request: LogRequest, target: Target): Routed | undefined;
  /** Whether a route may apply to a path, by its first part (not decoded). */
  mayApply(first: string): boolean;
  /** The route that applies to paths of two parts with this first one, when it makes nothing of them but an item of the second. */
  itemRoute(first: string): ItemRoute | undefined;
}

/** A route of GETs such as `/books/:id` whose item is `:id`. */
export interface ItemRoute {
  readonly kind: string;
  readonly status: readonly [number, number];
  /** Whether its events are whole with the log's user, and without one. */
  readonly withUser: boolean;
  readonly withoutUser: boolean;
}

/** The store's and the viewer's addresses as most bookstores have them. */
export const bookstoreRoutes: readonly RouteRule[] = [
  { path: '/books/:id', kind: 'view_item', item: ':id' },
  { path: '/titles/:id', kind: 'view_item', item: ':id' },
  { path: '/search', kind: 'search', properties: { search_term: '?q' } },
  {
    path: '/read/:id/progress',
    method: ['POST', 'PUT'],
    kind: 'read_progress',
    item: ':id',
    reader: '?reader',
    properties: { progress: '?progress', seconds: '?seconds', pages: '?pages' },
  },
  { path: '/cart', kind: 'view_cart' },
];

/**
 * A route applies only when everything that its kind must have is there; else the next is tried. Errors: `ship_config_invalid`.
 */
export function createRouter(rules: readonly RouteRule[]): Router {
  const routes = rules.map((rule, index) => placed(`routes.${index}`, () => compileRoute(rule)));
  const firsts = rules.map(({ path }) => firstMatch(path));
  return {
    route: (request, target) => {
      for (const route of routes) {
        const routed = route(request, target);
        if (routed !== undefined) return routed;
      }
      return undefined;
    },
    mayApply: (first) => firsts.some((match) => match(first)),
    itemRoute: (first) => {
      const rule = rules[firsts.findIndex((match) => match(first))];
      return rule === undefined ? undefined : itemRouteOf(rule);
    },
  };
}

function itemRouteOf(rule: RouteRule): ItemRoute | undefined {
  const { path, kind, item, reader, properties = {} } = rule;
  const [first = '', second, more] = partsOf(path);
  const plain = /^[^:*{]+$/.test(first) && second?.startsWith(':') === true && more === undefined;
  if (!plain || path.endsWith('/') || item !== second || reader !== undefined) return undefined;
  if (Object.keys(properties).length > 0 || !methodsOf(rule).includes('GET')) return undefined;
  const strict = needsCheck(kind);
  const sample = { kind, itemId: 'i' };
  const [withUser, withoutUser] = ['u', undefined].map((user) => !strict || isWhole(sample, user));
  return {
    kind,
    status: rule.status ?? shownStatuses,
    withUser: withUser === true,
    withoutUser: withoutUser === true,
  };
}

const shownStatuses = [200, 399] as const;

function methodsOf({ method }: RouteRule): readonly string[] {
  return method === undefined ? ['GET'] : [method].flat();
}

/** What the first part of a path must be. */
function firstMatch(path: string): TextMatch {
  const [first = ''] = partsOf(path);
  if (first === '' || first === '*' || first.startsWith(':')) return () => true;
  return first.includes('*') ? globMatch(first) : (text) => text === first;
}

function compileRoute(rule: RouteRule): Router['route'] {
  if (!isKindName(rule.kind))
    throw new OctavoError(
      'ship_config_invalid',
      `'${rule.kind}' of the route ${rule.path} is no name of a kind`,
    );
  const methods = methodsOf(rule);
  const [from, to] = rule.status ?? shownStatuses;
  const match = pathMatch(rule.path);
  const item = rule.item === undefined ? undefined : valueOf(rule, rule.item);
  const reader = rule.reader === undefined ? undefined : valueOf(rule, rule.reader);
  const properties = Object.entries(rule.properties ?? {}).map(([name, text]) => ({
    name,
    value: valueOf(rule, text),
    numeric: isNumeric(rule.kind, name),
  }));
  const strict = needsCheck(rule.kind);
  return (request, target) => {
    const { method, status } = request;
    if (method === undefined || !methods.includes(method)) return undefined;
    if (status !== undefined && (status < from || status > to)) return undefined;
    const found = match(target);
    if (found === undefined) return undefined;
    const context = { request, target, found };
    const made: Record<string, string | number> = {};
    for (const { name, value, numeric } of properties) {
      const text = value(context)?.slice(0, valueMax);
      const typed = text === undefined || !numeric ? text : Number(text);
      if (typed !== undefined && !Number.isNaN(typed)) made[name] = typed;
    }
    const routed: Routed = {
      kind: rule.kind,
      itemId: item?.(context)?.slice(0, idMax),
      reader: reader?.(context)?.slice(0, idMax),
      properties: properties.length === 0 ? undefined : made,
    };
    if (item !== undefined && routed.itemId === undefined) return undefined;
    return strict && !isWhole(routed, request.user) ? undefined : routed;
  };
}

const valueMax = 500;
const idMax = 200;

interface Context {
  readonly request: LogRequest;
  readonly target: Target;
  readonly found: Readonly<Record<string, string>>;
}

type Value = (context: Context) => string | undefined;

function valueOf(rule: RouteRule, text: string): Value {
  const name = text.slice(1);
  if (text.startsWith(':')) {
    if (!partsOf(rule.path).includes(text))
      throw new OctavoError('ship_config_invalid', `the route ${rule.path} has no part '${text}'`);
    return ({ found }) => found[name];
  }
  if (text.startsWith('?')) return ({ target }) => queryValue(target.query, name);
  if (text === '$user') return ({ request }) => request.user;
  if (text === '$method') return ({ request }) => request.method;
  if (text === '$status') return ({ request }) => request.status?.toString();
  if (text.startsWith('$'))
    throw new OctavoError('ship_config_invalid', `the route ${rule.path} has the unknown value '${text}'`);
  return () => text;
}

function pathMatch(path: string): (target: Target) => Readonly<Record<string, string>> | undefined {
  const open = path.endsWith('/*');
  const parts = partsOf(open ? path.slice(0, -2) : path).map((text) => {
    const name = text.startsWith(':') ? text.slice(1) : undefined;
    return { name, text, match: name === undefined && text.includes('*') ? globMatch(text) : undefined };
  });
  return (target) => {
    if (open ? target.parts.length < parts.length : target.parts.length !== parts.length) return undefined;
    const found: Record<string, string> = {};
    for (const [index, part] of parts.entries()) {
      const text = target.parts[index] ?? '';
      if (part.name !== undefined) found[part.name] = decodePart(text);
      else if (part.match === undefined ? text !== part.text : !part.match(text)) return undefined;
    }
    return found;
  };
}

function isNumeric(kind: string, name: string): boolean {
  const schema = eventKinds.get(kind)?.properties.properties[name];
  return schema !== undefined && (schema['type'] === 'number' || schema['type'] === 'integer');
}

/** Whether a kind asks for more than an event without properties and reader has, or bounds what it has. */
function needsCheck(kind: string): boolean {
  const known = eventKinds.get(kind);
  if (known === undefined) return false;
  return known.readerRequired || known.itemsRequired || Object.keys(known.properties.properties).length > 0;
}

function isWhole({ kind, itemId, reader, properties = {} }: Routed, user: string | undefined): boolean {
  const who = reader ?? user;
  const event = {
    id: '00000000-0000-8000-8000-000000000000',
    kind,
    occurred_at: '2026-01-01T00:00:00Z',
    ...(who === undefined ? {} : { reader_id: who }),
    ...(itemId === undefined ? {} : { items: [{ item_id: itemId }] }),
    properties,
  };
  return !isEventError(validateEvent(event));
}
