/** What a run is made with when nothing else is said. */
export const defaults = {
  workers: 2,
  leaseMs: 10_000,
  heartbeatMs: 2_000,
  pollMs: 500,
  graceMs: 5_000,
  retryDelaysMs: [1_000, 5_000, 15_000],
};

/** How often in a row the state may refuse to be written before the run gives up. */
export const stateFailuresMax = 30;
/** Until the state is tried again. */
export const stateRetryMs = 1_000;
