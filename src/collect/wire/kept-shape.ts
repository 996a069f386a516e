import type { EventError } from '../../event/index.ts';
import { fieldsOf, type Fields, type Mapped } from './mapped-event.ts';
import { segmentEvent } from './segment-event.ts';
import { snowplowEvent } from './snowplow-event.ts';

/** Shapes of other hands whose messages are kept as they came. */
type ForeignShape = 'segment' | 'snowplow';

/**
 * A message that could not be brought into our shape, as it is kept: under the name of its own shape, so that it can be
 * mended and mapped once more. The key with which it came is not part of it.
 */
export function keptAs(
  shape: ForeignShape,
  message: unknown,
  { id, error }: { readonly id: string; readonly error: EventError },
): { readonly event: Fields; readonly error: EventError } {
  return { event: { id, [shape]: message }, error: below(shape, error) };
}

/**
 * Maps a message that was kept by `keptAs`, mended or not; it keeps its id. Undefined for what is of our own shape.
 *
 * @param receivedAt - when it came; its time, where it has none of its own
 */
export function mapKept(value: unknown, receivedAt: string): Mapped | undefined {
  const { id, kind, segment, snowplow } = fieldsOf(value);
  if (kind !== undefined || typeof id !== 'string') return undefined;
  if (segment !== undefined)
    return known('segment', id, segmentEvent(segment, { context: {}, receivedAt, place: 0 }));
  if (snowplow !== undefined)
    return known('snowplow', id, snowplowEvent(snowplow, { receivedAt, place: 0, keyed: false }));
  return undefined;
}

function known(shape: ForeignShape, id: string, mapped: Mapped): Mapped {
  return 'event' in mapped ? { event: { ...mapped.event, id } } : { error: below(shape, mapped.error) };
}

/** The error with its pointer into what is kept. */
function below(shape: ForeignShape, error: EventError): EventError {
  return { ...error, path: `/${shape}${error.path}` };
}
