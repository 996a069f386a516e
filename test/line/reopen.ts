import { dirname } from 'node:path';
import { silentLogger } from '../../src/base/index.ts';
import { openPlatform, type Platform, type PlatformOptions } from '../../src/cli/platform.ts';

/** Opens what a service has left, in this process, to look at it. */
export function reopen(place: {
  readonly project: string;
  readonly data: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Default all of it. */
  readonly own?: PlatformOptions['own'];
}): Promise<Platform> {
  return openPlatform({
    projectDirectory: place.project,
    dataDirectory: place.data,
    environment: place.environment,
    workingDirectory: dirname(place.data),
    json: true,
    own: place.own ?? true,
    world: { log: silentLogger },
  });
}
