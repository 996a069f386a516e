/** The device's time, epoch milliseconds. The one place of the console that reads it. */
export function now(): number {
  return new Date().getTime();
}
