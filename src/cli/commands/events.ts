import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { countFailed, failedRows, type FailedFilter, type FailedRow } from '../../api/index.ts';
import { OctavoError } from '../../base/index.ts';
import { isPointer, type EventChange } from '../../event/index.ts';
import { numberOption } from '../arguments.ts';
import { answerOf, exampleText, optionsOf, withPlatform, type Cli, type GlobalOptions } from '../command.ts';
import { replayAnywhere, tailAnywhere, type Reach, type ReplayAsked } from '../events-reach.ts';
import type { Platform } from '../platform.ts';
import { openApiQueries } from '../query-engine.ts';
import { cutText, jsonText } from '../table-text.ts';

interface FilterOptions {
  readonly days: string;
  readonly code?: string;
  readonly path?: string;
  readonly rule?: string;
  readonly source?: string;
  readonly kind?: string;
}

/** `octavo events` */
export function registerEvents(program: Command, cli: Cli): void {
  const events = program
    .command('events')
    .description('Look at events that were refused, mend and replay them, and watch events as they come.')
    .addHelpText(
      'after',
      exampleText(
        'octavo events failed',
        'octavo events replay --path /kind --set /kind=page_view --dry-run',
        'octavo events tail --kind purchase',
      ),
    );
  registerFailed(events, cli);
  registerReplay(events, cli);
  registerTail(events, cli);
}

function filterOptions(command: Command): Command {
  return command
    .option('--days <count>', 'refused in so many business days, today among them', '7')
    .option('--code <code>', 'of the error')
    .option('--path <pointer>', 'of the error, e.g. /kind')
    .option('--rule <rule>', 'that was broken')
    .option('--source <name>', 'that came with the key of this name')
    .option('--kind <kind>', 'of this kind');
}

function filterOf(
  { days, code, path, rule, source, kind }: FilterOptions,
  { calendar, clock }: Platform,
): FailedFilter {
  const count = numberOption('days', days, { from: 1, to: 90 });
  return { from: calendar.addDays(calendar.dayOf(clock.now()), 1 - count), code, path, rule, source, kind };
}

function registerFailed(events: Command, cli: Cli): void {
  filterOptions(events.command('failed'))
    .description('Refused events by reason, with the newest of each; or one by one.')
    .option('--raw', 'one by one as they came, a line of JSON each: { "place", "event", … }, oldest first')
    .option('--limit <count>', 'lines with --raw', '1000')
    .option('--resolved', 'with --raw: also those that are stored meanwhile')
    .addHelpText(
      'after',
      exampleText(
        'octavo events failed',
        'octavo events failed --path /kind --raw > wrong.ndjson',
        'octavo events replay --edited wrong.ndjson',
      ),
    )
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf<FilterOptions & { raw?: boolean; limit: string; resolved?: boolean }>(
        command,
      );
      const answer = answerOf(cli, options);
      const limit = numberOption('limit', options.limit, { from: 1, to: 10_000 });
      await withPlatform(cli, options, async (platform) => {
        const queries = openApiQueries(platform);
        try {
          const filter = filterOf(options, platform);
          if (options.raw === true) {
            const rows = await failedRows(queries, { ...filter, resolved: options.resolved }, limit);
            for (const row of rows) cli.terminal.out(JSON.stringify(row));
            if (rows.length === limit) answer.note(`the first ${limit}; --limit gives more`);
            return;
          }
          const { total, reasons } = await countFailed(queries, filter.from);
          const shown = reasons.filter((reason) => isWanted(reason, options));
          answer.rows(
            shown.map(({ code, path, rule, events: count, sources, last_at, message, example }) => ({
              events: count,
              code,
              path,
              rule,
              sources: sources.join(' '),
              last_at,
              ...(answer.json
                ? { message, example }
                : { example: cutText(JSON.stringify(example), exampleWidthMax) }),
            })),
            { empty: `nothing was refused since ${filter.from}` },
          );
          if (total > 0) answer.note('mend and store them: octavo events replay --help');
        } finally {
          await queries.close();
        }
      });
    });
}

/** Also where the table is not cut to a terminal; --json and --raw have all of it. */
const exampleWidthMax = 200;

type Reason = Pick<FailedRow, 'code' | 'path' | 'rule'> & { readonly sources: readonly string[] };

function isWanted({ code, path, rule, sources }: Reason, wanted: FilterOptions): boolean {
  return (
    (wanted.code ?? code) === code &&
    (wanted.path ?? path) === path &&
    (wanted.rule ?? rule) === rule &&
    (wanted.source === undefined || sources.includes(wanted.source))
  );
}

interface ReplayOptions extends FilterOptions, Reach {
  readonly set?: readonly string[];
  readonly move?: readonly string[];
  readonly remove?: readonly string[];
  readonly patch?: string;
  readonly edited?: string;
  readonly dryRun?: boolean;
}

function reachOptions(command: Command): Command {
  return command
    .option('--url <address>', 'of the process that collects (default: as configured, while one runs)')
    .option('--key <key>', 'for it, or OCTAVO_KEY (default: one is made for the time of the call)');
}

function registerReplay(events: Command, cli: Cli): void {
  reachOptions(filterOptions(events.command('replay')))
    .description('Mend refused events and store them, each once however often it is replayed.')
    .option('--set <pointer=value...>', 'set a value: JSON, else a text')
    .option('--move <from=to...>', 'move a value; received_at is the time at which it came')
    .option('--remove <pointer...>', 'take a value out')
    .option(
      '--patch <file>',
      'JSON: [{"path":"/kind","value":…}, {"path":…,"from":…}, {"path":…,"remove":true}]',
    )
    .option('--edited <file>', 'lines of `events failed --raw`, mended by hand')
    .option('--dry-run', 'only tell what would become of them')
    .addHelpText(
      'after',
      exampleText(
        'octavo events replay --path /kind --set /kind=page_view --dry-run',
        'octavo events replay --path /readerid --move /readerid=/reader_id',
        'octavo events replay --code event_invalid --patch mend.json',
      ),
    )
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf<ReplayOptions & GlobalOptions>(command);
      const answer = answerOf(cli, options);
      const asked = await askedOf(cli, options);
      const replayed = await replayAnywhere(cli, options, asked);
      if (answer.json) return answer.document(replayed);
      const { selected, more, accepted, duplicates, failed, results } = replayed;
      const refused = results.filter(({ status }) => status === 'failed');
      if (refused.length > 0)
        answer.rows(
          refused.map(({ place, id, error }) => ({ place, id, path: error?.path, message: error?.message })),
        );
      const verb = options.dryRun === true ? 'would be stored' : 'stored';
      answer.say(
        `${selected} selected: ${accepted} ${verb}, ${duplicates} stored already, ${failed} refused again${more ? '; there are more, run it again' : ''}`,
      );
    });
}

async function askedOf(cli: Cli, options: ReplayOptions): Promise<ReplayAsked> {
  const { code, path, rule, source, kind } = options;
  const text = (file: string): Promise<string> => readFile(resolve(cli.workingDirectory, file), 'utf8');
  const patch = options.patch === undefined ? [] : parsed(await text(options.patch), options.patch);
  if (!Array.isArray(patch))
    throw new OctavoError('argument_invalid', `${options.patch ?? ''} is no list of changes`);
  const lines = options.edited === undefined ? undefined : (await text(options.edited)).split('\n');
  const { edited: file = '' } = options;
  return {
    days: numberOption('days', options.days, { from: 1, to: 90 }),
    ...definedOf({ code, path, rule, source, kind }),
    changes: [
      ...(patch as readonly EventChange[]),
      ...(options.move ?? []).map((one) => moveOf(one)),
      ...(options.set ?? []).map((one) => setOf(one)),
      ...(options.remove ?? []).map((one) => ({ path: pointerOf(one), remove: true }) as const),
    ],
    ...(lines === undefined
      ? {}
      : {
          events: lines
            .filter((line) => line.trim() !== '')
            .map((line, at) => editedOf(line, `${file}:${at + 1}`)),
        }),
    dry_run: options.dryRun === true,
  };
}

function definedOf(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new OctavoError('argument_invalid', `${file} is no JSON`, { cause });
  }
}

function editedOf(line: string, place: string): { readonly place: string; readonly event: unknown } {
  const value = parsed(line, place) as { readonly place?: unknown; readonly event?: unknown };
  if (typeof value?.place !== 'string' || !('event' in value))
    throw new OctavoError('argument_invalid', `${place} has no place and event`);
  return { place: value.place, event: value.event };
}

function pointerOf(text: string): string {
  if (!isPointer(text))
    throw new OctavoError('argument_invalid', `'${text}' is no JSON pointer such as /kind`);
  return text;
}

function setOf(text: string): EventChange {
  const at = text.indexOf('=');
  const given = text.slice(at + 1);
  const path = pointerOf(at < 0 ? text : text.slice(0, at));
  if (at < 0) throw new OctavoError('argument_invalid', `--set '${text}', expected /pointer=value`);
  try {
    return { path, value: JSON.parse(given) as unknown };
  } catch {
    return { path, value: given };
  }
}

function moveOf(text: string): EventChange {
  const at = text.indexOf('=');
  if (at < 0) throw new OctavoError('argument_invalid', `--move '${text}', expected /from=/to`);
  const from = text.slice(0, at);
  return { path: pointerOf(text.slice(at + 1)), from: from === 'received_at' ? from : pointerOf(from) };
}

function registerTail(events: Command, cli: Cli): void {
  reachOptions(events.command('tail'))
    .description('Events as they come, until Ctrl-C; while nobody collects, the newest of the log.')
    .option('--kind <kind>', 'of this kind')
    .option('--source <name>', 'that came with the key of this name')
    .option('--reader <id>', 'of this reader')
    .option('--text <text>', 'with this text in it')
    .option('--failed', 'refused ones only')
    .option('--once', 'only the newest, then end')
    .addHelpText(
      'after',
      exampleText(
        'octavo events tail',
        'octavo events tail --failed',
        'octavo events tail --kind search --json | jq .event',
      ),
    )
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf<
        Reach & GlobalOptions & Readonly<Record<string, string | boolean | undefined>>
      >(command);
      const answer = answerOf(cli, options);
      const query = new URLSearchParams();
      for (const name of ['kind', 'source', 'reader', 'text', 'failed'] as const)
        if (options[name] !== undefined) query.set(name, String(options[name]));
      await tailAnywhere(cli, options, {
        query,
        once: options['once'] === true,
        show: ({ at, kind, source, error, event }) => {
          if (answer.json)
            cli.terminal.out(jsonText({ at, kind, source, error, event }).replaceAll(/\n\s*/g, ' '));
          else
            cli.terminal.out(
              `${at}  ${(kind ?? '-').padEnd(18)} ${source.padEnd(12)} ${error === null ? '' : `REFUSED ${error.path} `}${JSON.stringify(event)}`,
            );
        },
        missed: (count) => answer.note(`${count} came too fast to be shown`),
        note: (text) => answer.note(text),
      });
    });
}
