import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { OctavoError } from '../../base/index.ts';
import { runGated } from '../../query/index.ts';
import { limitOption } from '../arguments.ts';
import { answerOf, optionsOf, withPlatform, type Cli } from '../command.ts';

/** `octavo query` */
export function registerQuery(program: Command, cli: Cli): void {
  program
    .command('query')
    .description('Ask the tables in SQL (read-only).')
    .argument('[sql]', 'one SELECT; `-` reads it from standard input')
    .option('--file <path>', 'read the SQL from a file')
    .option('--csv', 'answer as CSV')
    .option('--limit <rows>', 'rows at most', '1000')
    .option('--personal', 'show columns that hold personal data')
    .addHelpText(
      'after',
      `
Examples:
  octavo query "select kind, count(*) as events from raw.events group by kind order by events desc"
  octavo query "select * from sale_lines where business_day = date '2026-11-02'" --csv
  octavo query "describe sale_lines"
  octavo query --file report.sql --json
  echo "show tables" | octavo query -

A table is named with its namespace (raw.events) or without it when one of model, statistic and raw has it.
Columns with personal data are null unless --personal is given.`,
    )
    .action(async (sql: string | undefined, _options: unknown, command: Command) => {
      const options = optionsOf<{ file?: string; csv?: boolean; limit: string; personal?: boolean }>(command);
      const answer = answerOf(cli, options);
      const text = sqlOf(sql, options.file);
      const rowsMax = limitOption(options.limit);
      await withPlatform(cli, options, async ({ warehouse }) => {
        const result = await runGated(warehouse, text, {
          rowsMax,
          signal: cli.signal,
          personal: options.personal === true,
        });
        const columns = result.columns.map((column) => column.name);
        if (options.csv === true) answer.csv(result.rows, columns);
        else if (answer.json)
          answer.document({
            columns: result.columns,
            rows: result.rows,
            truncated: result.truncated,
            personal_columns_hidden: result.personalHidden,
          });
        else answer.rows(result.rows, { columns, empty: 'no rows' });
        const [first, ...others] = result.personalHidden;
        if (first !== undefined)
          answer.note(
            `${[first, ...others].join(', ')}: personal data, null here, also in conditions; --personal shows it`,
          );
        if (result.truncated) answer.note(`only the first ${rowsMax} rows are shown; see --limit`);
      });
    });
}

function sqlOf(sql: string | undefined, file: string | undefined): string {
  if (file !== undefined && sql !== undefined)
    throw new OctavoError('argument_invalid', 'the SQL is given twice: as an argument and with --file');
  if (file !== undefined) {
    try {
      return readFileSync(file, 'utf8');
    } catch (cause) {
      const reason =
        (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String(cause);
      throw new OctavoError('argument_invalid', `--file is '${file}': ${reason}`, { cause });
    }
  }
  if (sql === '-') return readFileSync(0, 'utf8');
  if (sql !== undefined) return sql;
  throw new OctavoError(
    'argument_invalid',
    'give the SQL as an argument, with --file, or `-` for standard input',
  );
}
