import { hasCode, OctavoError } from '../../base/index.ts';

/**
 * Runs what reads a part of a configuration; its `ship_config_invalid` says then which part, as `details.path`: `routes.2`.
 */
export function placed<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!hasCode(error, 'ship_config_invalid')) throw error;
    const inner = error.details['path'];
    const whole = inner === undefined ? path : `${path}.${String(inner)}`;
    throw new OctavoError('ship_config_invalid', error.about, {
      cause: error.cause,
      details: { path: whole },
    });
  }
}
