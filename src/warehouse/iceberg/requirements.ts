import { OctavoError } from '../../base/index.ts';
import type { TableMetadata, TableRequirement } from './metadata.ts';

/** Checks every requirement against the table (undefined: there is none); `commit_conflict` names the first that fails. */
export function checkRequirements(
  metadata: TableMetadata | undefined,
  requirements: readonly TableRequirement[],
): void {
  for (const requirement of requirements) {
    if (requirement.type === 'octavo-assert-fence') {
      checkFence(metadata, requirement);
      continue;
    }
    const problem = requirementProblem(metadata, requirement);
    if (problem !== undefined) {
      throw new OctavoError('commit_conflict', problem, { details: { requirement: requirement.type } });
    }
  }
}

type Fence = TableRequirement & { readonly type: 'octavo-assert-fence' };

function checkFence(metadata: TableMetadata | undefined, fence: Fence): void {
  const current = Number(metadata?.properties[`octavo.fence.${fence.name}`] ?? 0);
  if (current > fence.token) {
    throw new OctavoError('fenced', `'${fence.name}' is at ${current}, this writer holds ${fence.token}`);
  }
}

function requirementProblem(
  metadata: TableMetadata | undefined,
  requirement: Exclude<TableRequirement, Fence>,
): string | undefined {
  if (requirement.type === 'assert-create') {
    return metadata === undefined ? undefined : 'the table exists already';
  }
  if (metadata === undefined) return 'the table does not exist';
  const differs = (what: string, wanted: unknown, actual: unknown): string | undefined =>
    wanted === actual ? undefined : `${what} is ${String(actual)}, the commit was made for ${String(wanted)}`;
  switch (requirement.type) {
    case 'assert-table-uuid':
      return differs('the table uuid', requirement.uuid.toLowerCase(), metadata['table-uuid'].toLowerCase());
    case 'assert-ref-snapshot-id': {
      const wanted = requirement['snapshot-id'] ?? undefined;
      return differs(
        `the snapshot of '${requirement.ref}'`,
        wanted,
        metadata.refs[requirement.ref]?.['snapshot-id'],
      );
    }
    case 'assert-last-assigned-field-id':
      return differs('the last field id', requirement['last-assigned-field-id'], metadata['last-column-id']);
    case 'assert-current-schema-id':
      return differs('the schema id', requirement['current-schema-id'], metadata['current-schema-id']);
    case 'assert-last-assigned-partition-id':
      return differs(
        'the last partition id',
        requirement['last-assigned-partition-id'],
        metadata['last-partition-id'],
      );
    case 'assert-default-spec-id':
      return differs('the default spec', requirement['default-spec-id'], metadata['default-spec-id']);
    case 'assert-default-sort-order-id':
      return differs(
        'the sort order',
        requirement['default-sort-order-id'],
        metadata['default-sort-order-id'],
      );
    default:
      return `the requirement '${(requirement as { type: string }).type}' is not known`;
  }
}
