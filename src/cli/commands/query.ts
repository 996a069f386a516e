import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { OctavoError } from '../../base/index.ts';
import { runGated } from '../../query/index.ts';
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
  echo "show tables" | octavo query -`,
    )
    .action(async (sql: string | undefined, _options: unknown, command: Command) => {
      const options = optionsOf<{ file?: string; csv?: boolean; limit: string; personal?: boolean }>(command);
      const text = sqlOf(sql, options.file);
      const answer = answerOf(cli, options);
      const rowsMax = Number(options.limit);
      if (!Number.isSafeInteger(rowsMax) || rowsMax < 1) {
        throw new OctavoError(
          'argument_invalid',
          `--limit is '${options.limit}', expected a whole number above 0`,
        );
      }
      await withPlatform(cli, options, async ({ warehouse }) => {
        const result = await runGated(warehouse, text, {
          rowsMax,
          signal: cli.signal,
          personal: options.personal === true,
        });
        const columns = result.columns.map((column) => column.name);
        if (options.csv === true) answer.csv(result.rows, columns);
        else if (answer.json)
          answer.document({ columns: result.columns, rows: result.rows, truncated: result.truncated });
        else answer.rows(result.rows, { columns, empty: 'no rows' });
        if (result.truncated) cli.terminal.err(`only the first ${rowsMax} rows are shown; see --limit`);
      });
    });
}

function sqlOf(sql: string | undefined, file: string | undefined): string {
  if (file !== undefined) return readFileSync(file, 'utf8');
  if (sql === '-') return readFileSync(0, 'utf8');
  if (sql !== undefined) return sql;
  throw new OctavoError(
    'argument_invalid',
    'give the SQL as an argument, with --file, or `-` for standard input',
  );
}
