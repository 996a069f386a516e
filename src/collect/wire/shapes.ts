import { ownShape } from './own.ts';
import type { WireShape } from './shape.ts';

/** Every shape in which the collector takes events. */
export const wireShapes: readonly WireShape[] = [ownShape];
