import { OctavoError } from '../../base/index.ts';
import type { DuckdbSession } from '../duckdb/session.ts';
import { quoteName, quoteText } from '../duckdb/types.ts';
import type { ColumnTest, Model } from './model.ts';
import { fullName, renderTemplate, type TemplateFunctions } from './template.ts';

/** One test as SQL that returns the rows that are wrong. */
export interface ModelCheck {
  /** For people: `line_id: unique`. */
  readonly name: string;
  readonly sql: string;
  /** Tables beside the rows themselves that it reads. */
  readonly tables: readonly string[];
}

/** The relation under which a model's new rows are tested before they are published. */
export const writtenRelation = 'written';

const examplesMax = 3;

/** All tests of a model. */
export function modelChecks(model: Model, functions: TemplateFunctions): readonly ModelCheck[] {
  return [
    ...model.columns.flatMap((column) => column.tests.map((test) => columnCheck(column.name, test))),
    ...model.tests.map(({ name, template }) => ({
      name,
      sql: renderTemplate(template, functions),
      tables: model.refs,
    })),
  ];
}

/**
 * Runs the tests on the rows that were written and not yet published. Errors: `model_test_failed`, naming every test
 * with its count and examples.
 */
export async function runChecks(
  session: DuckdbSession,
  model: Model,
  checks: readonly ModelCheck[],
): Promise<void> {
  if (checks.length === 0) return;
  const failures: string[] = [];
  const counts = checks.map(
    (check, index) => `select ${index} as i, count(*) as n from (${check.sql}) wrong`,
  );
  const { rows } = await session.query(counts.join('\nunion all '), { small: true });
  for (const row of rows.toSorted((left, right) => Number(left['i']) - Number(right['i']))) {
    const [check, count] = [checks[Number(row['i'])], Number(row['n'])];
    if (check === undefined || count === 0) continue;
    const examples = await session.query(`select * from (${check.sql}) wrong limit ${examplesMax}`);
    const shown = examples.rows.map((row) =>
      JSON.stringify(row, (_key, value: unknown) =>
        typeof value === 'bigint' ? value.toString() : value,
      ).slice(0, 200),
    );
    failures.push(`${check.name}: ${count} rows, such as ${shown.join(' ')}`);
  }
  if (failures.length > 0)
    throw new OctavoError('model_test_failed', `${model.file}: ${failures.join('; ')}`);
}

function columnCheck(column: string, test: ColumnTest): ModelCheck {
  const name = quoteName(column);
  if (test === 'not_null') {
    return {
      name: `${column}: not_null`,
      sql: `select * from ${writtenRelation} where ${name} is null`,
      tables: [],
    };
  }
  if (test === 'unique') {
    const sql = `select ${name}, count(*) as times from ${writtenRelation} where ${name} is not null group by ${name} having count(*) > 1`;
    return { name: `${column}: unique`, sql, tables: [] };
  }
  if ('accepted_values' in test) {
    const values = test.accepted_values.map((value) =>
      typeof value === 'string' ? quoteText(value) : String(value),
    );
    const sql = `select distinct ${name} from ${writtenRelation} where ${name} is not null and ${name} not in (${values.join(', ')})`;
    return { name: `${column}: accepted_values`, sql, tables: [] };
  }
  const { field } = test.relationships;
  const to = fullName(test.relationships.to);
  const sql =
    `select distinct ${name} from ${writtenRelation} where ${name} is not null ` +
    `and ${name} not in (select ${quoteName(field)} from ${to} where ${quoteName(field)} is not null)`;
  return { name: `${column}: relationship to ${to}.${field}`, sql, tables: [to] };
}
