import type { Command } from 'commander';
import { OctavoError, suggestion } from '../../base/index.ts';
import { runGated } from '../../query/index.ts';
import { personalProperty, type LoadedTable } from '../../warehouse/index.ts';
import { limitOption } from '../arguments.ts';
import { answerOf, exampleText, optionsOf, withPlatform, type Cli } from '../command.ts';
import type { Platform } from '../platform.ts';

/** `octavo tables` */
export function registerTables(program: Command, cli: Cli): void {
  const tables = program
    .command('tables')
    .description('Look at the warehouse’s tables.')
    .addHelpText(
      'after',
      exampleText('octavo tables', 'octavo tables show model.sale_lines', 'octavo tables preview raw.events'),
    );
  tables
    .command('list', { isDefault: true })
    .description('Every table with its size.')
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf(command);
      await withPlatform(cli, options, async ({ warehouse }) => {
        const rows = (await warehouse.tables()).map((table) => {
          const summary = currentSnapshot(table)?.summary ?? {};
          return {
            table: nameOf(table),
            rows: Number(summary['total-records'] ?? 0),
            files: Number(summary['total-data-files'] ?? 0),
            megabytes: Math.round(Number(summary['total-files-size'] ?? 0) / 1e4) / 100,
            snapshots: table.metadata.snapshots?.length ?? 0,
            changed_at: new Date(table.metadata['last-updated-ms']).toISOString(),
          };
        });
        answerOf(cli, options).rows(rows, {
          empty: 'no tables yet; they are made by `octavo start` and `octavo run`',
        });
      });
    });
  tables
    .command('show')
    .description('A table’s columns and their documentation.')
    .argument('<table>', 'e.g. model.sale_lines')
    .addHelpText('after', exampleText('octavo tables show model.sale_lines'))
    .action(async (name: string, _options: unknown, command: Command) => {
      const options = optionsOf(command);
      const answer = answerOf(cli, options);
      await withPlatform(cli, options, async (platform) => {
        const table = await find(platform, name);
        const { metadata } = table;
        const schema = metadata.schemas.find(
          (candidate) => candidate['schema-id'] === metadata['current-schema-id'],
        );
        const personal = (metadata.properties[personalProperty] ?? '').split(',');
        const rows = (schema?.fields ?? []).map((field) => ({
          id: field.id,
          column: field.name,
          type: typeof field.type === 'string' ? field.type : JSON.stringify(field.type),
          required: field.required,
          personal: personal.includes(field.name),
          documentation: field.doc ?? '',
        }));
        if (answer.json)
          answer.document({
            table: nameOf(table),
            location: metadata.location,
            properties: metadata.properties,
            columns: rows,
          });
        else answer.rows(rows);
        answer.note(metadata.location);
      });
    });
  tables
    .command('snapshots')
    .description('A table’s snapshots, newest first.')
    .argument('<table>', 'e.g. raw.events')
    .addHelpText('after', exampleText('octavo tables snapshots raw.events'))
    .action(async (name: string, _options: unknown, command: Command) => {
      const options = optionsOf(command);
      await withPlatform(cli, options, async (platform) => {
        const { metadata } = await find(platform, name);
        const rows = (metadata.snapshots ?? []).toReversed().map((snapshot) => ({
          snapshot: snapshot['snapshot-id'].toString(),
          at: new Date(snapshot['timestamp-ms']).toISOString(),
          operation: snapshot.summary?.['operation'],
          added_rows: Number(snapshot.summary?.['added-records'] ?? 0),
          deleted_rows: Number(snapshot.summary?.['deleted-records'] ?? 0),
          rows: Number(snapshot.summary?.['total-records'] ?? 0),
          current: snapshot['snapshot-id'] === metadata['current-snapshot-id'],
        }));
        answerOf(cli, options).rows(rows, { empty: 'no snapshot yet' });
      });
    });
  tables
    .command('preview')
    .description('Some rows of a table.')
    .argument('<table>', 'e.g. raw.events')
    .option('--limit <rows>', 'rows at most', '10')
    .option('--personal', 'show columns that hold personal data')
    .option('--csv', 'answer as CSV')
    .addHelpText('after', exampleText('octavo tables preview raw.events --limit 3'))
    .action(async (name: string, _options: unknown, command: Command) => {
      const options = optionsOf<{ limit: string; personal?: boolean; csv?: boolean }>(command);
      const answer = answerOf(cli, options);
      const limit = limitOption(options.limit);
      await withPlatform(cli, options, async (platform) => {
        const table = await find(platform, name);
        const result = await runGated(platform.warehouse, `select * from ${nameOf(table)} limit ${limit}`, {
          rowsMax: limit,
          signal: cli.signal,
          personal: options.personal === true,
        });
        const columns = result.columns.map((column) => column.name);
        if (options.csv === true) answer.csv(result.rows, columns);
        else answer.rows(result.rows, { columns, empty: 'no rows' });
      });
    });
}

function nameOf(table: LoadedTable): string {
  return `${table.id.namespace}.${table.id.name}`;
}

function currentSnapshot(
  table: LoadedTable,
): { readonly summary?: Readonly<Record<string, string>> } | undefined {
  const { metadata } = table;
  return metadata.snapshots?.find((snapshot) => snapshot['snapshot-id'] === metadata['current-snapshot-id']);
}

async function find(platform: Platform, name: string): Promise<LoadedTable> {
  const tables = await platform.warehouse.tables();
  const table = tables.find((candidate) => nameOf(candidate) === name || candidate.id.name === name);
  if (table !== undefined) return table;
  throw new OctavoError('table_not_found', `'${name}'${suggestion(name, tables.map(nameOf))}`);
}
