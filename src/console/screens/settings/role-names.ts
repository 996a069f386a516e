import type { Users } from '../../../api/index.ts';

type RoleName = Users['users'][number]['role'];

/** Every role, the least first; a role that is missing here is a type error. */
const all: Readonly<Record<RoleName, true>> = {
  viewer: true,
  analyst: true,
  editor: true,
  operator: true,
  admin: true,
};
export const roleNames = Object.keys(all) as readonly RoleName[];
