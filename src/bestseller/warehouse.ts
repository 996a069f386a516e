import type { DuckdbSession, Pins, PrepareOptions, SessionOptions, Warehouse } from '../warehouse/index.ts';

/** What bestseller lists need of the warehouse. */
export interface SalesWarehouse extends Pick<
  Warehouse,
  'calendar' | 'pin' | 'query' | 'sealedDays' | 'table'
> {
  readonly engine: {
    session<T>(use: (session: SalesSession) => Promise<T>, options?: SessionOptions): Promise<T>;
  };
  prepare(session: SalesSession, sql: string, options?: Pick<PrepareOptions, 'pins' | 'keep'>): Promise<Pins>;
}

/** A connection on which the steps of a computation run one after another. */
export type SalesSession = DuckdbSession;
