/** A client's clock may be this far off before its times are corrected. */
export const clockToleranceMsDefault = 60_000;

/**
 * By how much the times of a request are wrong: `received - sent`, what they are to be moved by. 0 when the client doesn't
 * say when it sent, or is within the tolerance, for a slow network looks like a slow clock.
 */
export function clockShiftMs(receivedMs: number, sentAt: string | undefined, toleranceMs: number): number {
  if (sentAt === undefined) return 0;
  const shift = receivedMs - Date.parse(sentAt);
  return Math.abs(shift) > toleranceMs ? shift : 0;
}

/** When it happened by the collector's clock: `received - (sent - occurred)`; undefined where nothing is to be corrected. */
export function correctedTime(occurredAt: string, shiftMs: number): string | undefined {
  if (shiftMs === 0) return undefined;
  const corrected = Date.parse(occurredAt) + shiftMs;
  return corrected >= yearMin && corrected < yearMax ? new Date(corrected).toISOString() : undefined;
}

const yearMin = Date.UTC(2000, 0, 1);
const yearMax = Date.UTC(2100, 0, 1);
