import type { Warehouse } from '../warehouse/index.ts';

/** What bestseller lists need of the warehouse. */
export type SalesWarehouse = Pick<Warehouse, 'calendar' | 'pin' | 'query' | 'sealedDays' | 'table'>;
