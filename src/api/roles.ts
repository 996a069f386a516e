import { scopes, type Scope } from './keys.ts';

const viewer = ['bestsellers:read', 'recommendations:read', 'metrics:read', 'status:read'] as const;

/** What a person may do, by role: the scopes that the routes ask for. */
export const roleScopes = {
  /** Reads what is published. */
  viewer,
  /** Also asks the warehouse. */
  analyst: [...viewer, 'tables:read'],
  /** Cares for the lists. */
  editor: viewer,
  /** Also runs the batch, and mends events that were refused. */
  operator: [...viewer, 'tables:read', 'batch:run', 'events:replay'],
  /** Everything. */
  admin: scopes,
} as const satisfies Readonly<Record<string, readonly Scope[]>>;

export type Role = keyof typeof roleScopes;

/** Every role, the least first. */
export const roles = Object.keys(roleScopes) as readonly Role[];
