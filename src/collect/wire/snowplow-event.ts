import { canonicalJson } from '../../base/index.ts';
import {
  compact,
  compactOrNone,
  fieldsOf,
  instantOf,
  ipOf,
  itemsKeptMax,
  refusal,
  textOf,
  uuidOf,
  type Fields,
  type Mapped,
} from './mapped-event.ts';
import { entityOf, factsOf, type Entity } from './snowplow-entities.ts';
import { plainAs, selfDescribedAs, type Said } from './snowplow-kinds.ts';

type Parameters = Readonly<Record<string, string | undefined>>;

/** What a payload is mapped with. */
export interface SnowplowRequest {
  readonly receivedAt: string;
  readonly place: number;
  /** Whether `aid` is the key, and not the name of a program. */
  readonly keyed: boolean;
  /** Whether address and network id are left out. Default false. */
  readonly anonymous?: boolean;
}

/** The id of a payload, whether or not it becomes an event. */
export function snowplowIdOf(value: unknown, { receivedAt, place }: SnowplowRequest): string {
  const payload = fieldsOf(value);
  const id = textOf(payload['eid'], parameterLettersMax);
  if (id !== undefined) return uuidOf(id);
  const isTimed = textOf(payload['dtm'], parameterLettersMax) !== undefined;
  return uuidOf(canonicalJson([payload, isTimed ? '' : receivedAt, place]));
}

/** An event of ours out of one payload of Snowplow's tracker protocol (docs.snowplow.io, "tracker protocol"); `eid` stays the id. */
export function snowplowEvent(value: unknown, request: SnowplowRequest): Mapped {
  const from: Record<string, string | undefined> = {};
  for (const [name, field] of Object.entries(fieldsOf(value)))
    from[name] = textOf(field, parameterLettersMax);
  const type = from['e'];
  if (type === undefined) return refusal('/e', 'required', 'the type of the event (e) is required');
  const around = documentOf(from['co'], from['cx']);
  if (around === 'broken') return refusal('/co', 'json', 'the contexts (co, cx) are no self-describing JSON');
  const listed = around?.data;
  const entities = (Array.isArray(listed) ? listed : []).flatMap((one) => entityOf(one) ?? []);
  const facts = factsOf(entities);
  const said =
    type === 'ue' ? describedOf(from, facts.items.length > 0, facts.properties) : plainAs(type, from);
  if (said === undefined)
    return refusal('/e', 'one of pv, pp, se, ue, tr, ti', `the type '${type}' is not known`);
  if ('error' in said) return said;
  const networkId = request.anonymous === true ? undefined : (from['tnuid'] ?? from['nuid']);
  const items = [...(said.item === undefined ? [] : [said.item]), ...facts.items].slice(0, itemsKeptMax);
  const more = compact({
    ...facts.properties,
    ...said.properties,
    contexts: facts.kept.length === 0 ? undefined : facts.kept,
  });
  return {
    event: compact({
      id: snowplowIdOf(value, request),
      kind: said.kind,
      occurred_at: instantOf(from['ttm'] ?? from['dtm']) ?? request.receivedAt,
      reader_id: from['uid'] ?? textOf(facts.fields['reader_id']),
      device_id: from['duid'] ?? networkId ?? textOf(facts.fields['device_id']),
      session_id: from['sid'] ?? textOf(facts.fields['session_id']),
      page: compactOrNone({
        url: textOf(from['url'], 4000),
        referrer: textOf(from['refr'], 4000),
        title: textOf(from['page'], 1000),
      }),
      app: compactOrNone({
        name: request.keyed ? undefined : textOf(from['aid']),
        platform: platformOf(from['p'], facts.platform),
      }),
      items: items.length === 0 ? undefined : items.map((item) => withList(item, said.listName)),
      user_agent: textOf(from['ua'], 1000),
      ip: request.anonymous === true ? undefined : ipOf(from['ip']),
      properties: { ...more, ...deviceOf(from) },
    }),
  };
}

const parameterLettersMax = 200_000;

function describedOf(
  from: Parameters,
  titled: boolean,
  around: Fields,
): Said | { readonly error: Extract<Mapped, { error: unknown }>['error'] } {
  const outer = documentOf(from['ue_pr'], from['ue_px']);
  const inner: Entity | undefined =
    outer === undefined || outer === 'broken' ? undefined : entityOf(outer.data);
  if (inner === undefined)
    return refusal('/ue_pr', 'json', 'the event (ue_pr, ue_px) is no self-describing JSON');
  return selfDescribedAs(inner, titled, around);
}

/** JSON that is plain or in base64url; undefined where there is none. */
function documentOf(
  plain: string | undefined,
  encoded: string | undefined,
): { readonly data: unknown } | 'broken' | undefined {
  const text =
    plain ?? (encoded === undefined ? undefined : Buffer.from(encoded, 'base64url').toString('utf8'));
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && 'data' in value ? { data: value.data } : 'broken';
  } catch {
    return 'broken';
  }
}

function platformOf(platform: string | undefined, mobile: string | undefined): string | undefined {
  if (platform === 'web') return 'web';
  if (platform === 'srv') return 'server';
  return platform === 'mob' || platform === 'app' ? mobile : undefined;
}

/** What the tracker says of the browser and of itself. */
function deviceOf(from: Parameters): Fields {
  const device = compactOrNone({
    language: from['lang'],
    time_zone: from['tz'],
    screen: from['res'],
    viewport: from['vp'],
    document: from['ds'],
    tracker: from['tv'],
    tracker_name: from['tna'],
    session_index: from['vid'],
  });
  return device === undefined ? {} : { device };
}

function withList(item: unknown, listName: string | undefined): unknown {
  return listName === undefined ? item : { item_list_name: listName, ...fieldsOf(item) };
}
