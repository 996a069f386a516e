import { ownShape } from './own.ts';
import { pixelShape, type PixelOptions } from './pixel.ts';
import { segmentShape } from './segment.ts';
import type { WireShape } from './shape.ts';
import { snowplowShape } from './snowplow.ts';

/** Every shape in which the collector takes events. */
export function wireShapes(pixel?: PixelOptions): readonly WireShape[] {
  return [ownShape, segmentShape, snowplowShape, pixelShape(pixel)];
}
