import { ownShape } from './own.ts';
import { segmentShape } from './segment.ts';
import type { WireShape } from './shape.ts';
import { snowplowShape } from './snowplow.ts';

/** Every shape in which the collector takes events. */
export const wireShapes: readonly WireShape[] = [ownShape, segmentShape, snowplowShape];
