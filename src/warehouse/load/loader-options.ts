import type { Logger } from '../../base/index.ts';
import type { EventLog } from '../../collect/index.ts';
import type { Warehouse } from '../warehouse-port.ts';

/** What a loader works on. */
export interface LoaderOptions {
  readonly warehouse: Warehouse;
  /** Topic of accepted events. */
  readonly events: EventLog;
  /** Topic of refused events. */
  readonly failed?: EventLog;
  readonly log: Logger;
  /** Pause between two looks at the log. Default 2,000. */
  readonly intervalMs?: number;
  /** Events wait for others as long as this, so that files do not become small. Default 0: they don't. */
  readonly waitMs?: number;
  /** Records that are worth a file: when so many wait, they are loaded at once. Default 50,000. */
  readonly targetRecords?: number;
  /** Records in one commit, of all partitions. Default 400,000. */
  readonly recordsMax?: number;
  /** Bytes of records in one commit, of all partitions. Default 256 MiB. */
  readonly bytesMax?: number;
}

/** What one load did. */
export interface LoadOutcome {
  readonly loaded: number;
  /** Dropped: their event id was there already. */
  readonly duplicates: number;
  /** Counted for a later day, because their own is sealed. */
  readonly late: number;
  /** Kept in `raw.failed_events`: records that could not be read, and refused events of the topic `failed`. */
  readonly failed: number;
  /** True when the log may hold more. */
  readonly more: boolean;
}

/** The outcome when there was nothing to do. */
export const nothing: LoadOutcome = { loaded: 0, duplicates: 0, late: 0, failed: 0, more: false };
