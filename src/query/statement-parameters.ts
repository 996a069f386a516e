import type { ParameterUse } from '../warehouse/index.ts';

/** What a parameter holds, as far as the statement says it. */
export const parameterTypes = ['text', 'number', 'date', 'boolean'] as const;
export type ParameterType = (typeof parameterTypes)[number];

/** A parameter that a statement names. */
export interface StatementParameter {
  readonly name: string;
  readonly type: ParameterType;
}

/** Texts, names in quotes and comments, in which a colon is a letter like others; or a parameter behind what may stand before it. */
const pieces =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$\$[\s\S]*?\$\$|--[^\n]*|\/\*[\s\S]*?\*\/|(^|[\s(,=<>!+\-*/%|])(:)(?=[A-Za-z_])/g;

/**
 * Writes `:name` as `$name`, which the engine binds; `::type`, `[1:n]` and `{'a':b}` stay as they are. No letter moves, so that
 * places in error messages stay right.
 */
export function nameParameters(sql: string): string {
  return sql.replace(pieces, (piece, before: string | undefined, colon: string | undefined) =>
    colon === undefined ? piece : `${before ?? ''}$`,
  );
}

/** Types of the parameters by what the statement says of them; `columnType` knows the columns of the tables that it reads. */
export function typeParameters(
  uses: readonly ParameterUse[],
  columnType: (column: string) => string | undefined,
): readonly StatementParameter[] {
  return uses.map(({ name, type, column }) => ({
    name,
    type: typeNamed(type ?? (column === undefined ? undefined : columnType(column)) ?? ''),
  }));
}

/** By the engine's and the tables' names of types. */
function typeNamed(type: string): ParameterType {
  if (/^date$/i.test(type)) return 'date';
  if (/^bool/i.test(type)) return 'boolean';
  return /^(u?(tiny|small|big|huge)?int(eger)?|long|float|double|decimal)/i.test(type) ? 'number' : 'text';
}
