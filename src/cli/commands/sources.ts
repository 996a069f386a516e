import type { Command } from 'commander';
import { OctavoError, suggestion } from '../../base/index.ts';
import { inspectServer, sourceTables, type InspectedTable } from '../../warehouse/index.ts';
import { answerOf, exampleText, optionsOf, withPlatform, type Cli } from '../command.ts';

/** `octavo sources` */
export function registerSources(program: Command, cli: Cli): void {
  const sources = program
    .command('sources')
    .description('Look at where the shop’s own data comes from.')
    .addHelpText(
      'after',
      exampleText('octavo sources', 'octavo sources test shop', 'octavo sources test shop --columns'),
    );
  sources
    .command('list', { isDefault: true })
    .description('Every table of the configured sources.')
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf(command);
      await withPlatform(cli, options, async (platform) => {
        const rows = sourceTables(platform).map(({ source, name, table, time }) => ({
          name,
          type: platform.sources[source]?.type,
          table,
          time,
        }));
        answerOf(cli, options).rows(rows, { empty: 'octavo.config.ts declares no sources' });
        await Promise.resolve();
      });
    });
  sources
    .command('test')
    .description(
      'Connect to a database server as extracting would, and say what would be read; nothing is written.',
    )
    .argument('<source>', 'a source of the configuration')
    .option('--columns', 'every column with its type there and here')
    .addHelpText('after', exampleText('octavo sources test shop', 'octavo sources test shop --json'))
    .action(async (name: string, _options: unknown, command: Command) => {
      const options = optionsOf<{ columns?: boolean }>(command);
      const answer = answerOf(cli, options);
      await withPlatform(cli, options, async ({ sources: configured, warehouse }) => {
        const source = configured[name];
        if (source === undefined)
          throw new OctavoError(
            'argument_invalid',
            `source '${name}'${suggestion(name, Object.keys(configured))}`,
          );
        if (!('tables' in source))
          throw new OctavoError(
            'argument_invalid',
            `source '${name}' is of type ${source.type}, no database`,
          );
        const { server, tables } = await inspectServer(warehouse, name, source);
        if (answer.json) answer.document({ source: name, server, tables });
        else answer.rows(options.columns === true ? tables.flatMap(columnRows) : tables.map(tableRow));
        answer.note(server);
        for (const { warning, target } of tables)
          if (warning !== undefined) answer.note(`${target}: ${warning}`);
      });
    });
}

function tableRow({
  name,
  from,
  mode,
  rows,
  key,
  position,
  changes,
}: InspectedTable): Readonly<Record<string, unknown>> {
  const changed = Object.entries(changes).flatMap(([how, columns]: [string, readonly string[]]) =>
    columns.length === 0 ? [] : [`${how}: ${columns.join(', ')}`],
  );
  return {
    table: name,
    from,
    mode,
    rows,
    key: key.length === 0 ? 'none' : key.join(', '),
    read_to: position ?? 'nothing yet',
    columns: changed.length === 0 ? 'as before' : changed.join('; '),
  };
}

function columnRows({ name, columns }: InspectedTable): readonly Readonly<Record<string, unknown>>[] {
  return columns.map((column) => ({
    table: name,
    column: column.name,
    there: column.declared,
    here: column.type,
  }));
}
