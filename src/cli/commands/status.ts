import { join } from 'node:path';
import type { Command } from 'commander';
import { cycleName, latestDueDay, type AttemptRecord, type CycleDay } from '../../batch/index.ts';
import { folderHolder, type BusinessDay } from '../../base/index.ts';
import { editionKinds } from '../../serving/index.ts';
import { numberOption } from '../arguments.ts';
import { answerOf, exampleText, optionsOf, withPlatform, type Answer, type Cli } from '../command.ts';
import { logStanding } from '../log-standing.ts';
import type { Platform } from '../platform.ts';
import type { Row } from '../table-text.ts';

/** `octavo status` */
export function registerStatus(program: Command, cli: Cli): void {
  program
    .command('status')
    .description('How the platform stands: days, the day’s cycle, editions, runs, what failed.')
    .option('--task <id>', 'the history of one task with its log')
    .option('--runs <count>', 'runs to show', '5')
    .addHelpText(
      'after',
      exampleText(
        'octavo status',
        'octavo status --task "model:sale_lines(day=2026-11-02)"',
        'octavo status --json | jq .cycle',
      ),
    )
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf<{ task?: string; runs: string }>(command);
      const answer = answerOf(cli, options);
      const limit = numberOption('runs', options.runs, { from: 1, to: 1000 });
      await withPlatform(cli, options, async (platform) => {
        if (options.task === undefined) await showStatus(answer, platform, limit);
        else await showTask(answer, platform, options.task);
      });
    });
}

/** Errors: `task_unknown` for a task that neither exists nor has ever run. */
async function showTask(answer: Answer, { state, registry }: Platform, taskId: string): Promise<void> {
  const attempts = await state.attempts({ taskId, limit: 20 });
  const name = /^[^(]+/.exec(taskId)?.[0].trim() ?? taskId;
  if (attempts.length === 0) registry.task(name);
  if (answer.json) {
    answer.document({ attempts });
    return;
  }
  answer.rows(attempts.map(attemptRow), {
    empty: `'${taskId}' has not run yet; ids look like model:sale_lines(day=2026-11-02)`,
  });
  const log = attempts[0]?.log ?? [];
  if (log.length > 0) answer.say(`\nlog of the newest attempt\n${log.join('\n')}`);
}

async function showStatus(answer: Answer, platform: Platform, runsMax: number): Promise<void> {
  const { state, store, warehouse, calendar, clock, project, dataFolder } = platform;
  const holder = folderHolder(join(dataFolder, 'lock'));
  const sealed = await warehouse.sealedDays();
  const cycle = await cycleOf(platform);
  const running = await state.running();
  const runs = await state.runs({ limit: runsMax });
  const failed = openFailures(await state.attempts({ limit: 1000 })).slice(0, failuresShownMax);
  const editions = await editionsOf(store);
  const today = calendar.dayOf(clock.now());
  const events = await eventsText(platform);
  if (answer.json) {
    answer.document({
      project: project.root,
      data: dataFolder,
      holder: holder ?? null,
      business_day: today,
      event_log: events.document,
      sealed_days: sealed.length,
      oldest_sealed: sealed[0] ?? null,
      newest_sealed: sealed.at(-1) ?? null,
      cycle,
      running,
      editions,
      runs,
      failed,
    });
    return;
  }
  const held = holder === undefined ? 'nobody holds it' : `held by ${holder.command} (process ${holder.pid})`;
  answer.say(`project       ${project.root}`);
  answer.say(`data          ${dataFolder}, ${held}`);
  answer.say(`business day  ${today} (${calendar.timeZone}, begins ${calendar.dayStart})`);
  answer.say(`event log     ${events.text}`);
  answer.say(`sealed        ${sealedText(sealed)}`);
  answer.say(`day's cycle   ${cycleText(cycle, holder !== undefined)}`);
  section(answer, 'running', running.map(attemptRow));
  section(answer, 'editions', editions, 'no editions yet; `octavo run` makes a day’s');
  section(answer, 'runs', runs.map(runRow), 'no runs yet');
  section(answer, 'failed and not made since', failed.map(attemptRow));
}

/** Where the event log is, and how many events wait in it. A log that cannot be reached is said, and the rest is shown. */
async function eventsText(
  platform: Platform,
): Promise<{ readonly text: string; readonly document: Readonly<Record<string, unknown>> }> {
  try {
    const { place, waiting, partitions, wrong, warnings } = await logStanding(platform, 'events');
    const where = place === 'journal' ? 'journal' : `Kafka, topic ${place}`;
    return {
      text: [
        `${where}, ${partitions.length} partitions, ${waiting} events wait to be loaded`,
        ...wrong.map((one) => `wrong: ${one}`),
        ...warnings,
      ].join(`\n${' '.repeat(14)}`),
      document: { place, waiting, partitions, wrong, warnings },
    };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { text, document: { error: text } };
  }
}

/** Where the cycle of the days stands. */
interface CycleStatus {
  readonly on: boolean;
  /** The last day that it ran. */
  readonly last: CycleDay | null;
  /** Days that are over and have not succeeded. */
  readonly due: readonly BusinessDay[];
  /** The day that it runs next, and when, as an instant. */
  readonly next: { readonly day: BusinessDay; readonly at: string };
}

async function cycleOf({ state, calendar, clock, config }: Platform): Promise<CycleStatus> {
  const known = await state.cycleDays(cycleName);
  const delayMs = config.batch.cycleDelayMinutes * 60_000;
  const latest = latestDueDay(calendar, clock.now(), delayMs);
  const earliest = calendar.addDays(latest, 1 - config.batch.catchUpDaysMax);
  const begin = known[0]?.day ?? latest;
  const succeeded = new Set(known.filter(({ outcome }) => outcome === 'succeeded').map(({ day }) => day));
  const due = calendar
    .range(begin > earliest ? begin : earliest, latest)
    .filter((day) => !succeeded.has(day));
  const next = calendar.addDays(latest, 1);
  const at = instant(calendar.intervalOf(next).endMs + delayMs);
  return { on: config.batch.cycle, last: known.at(-1) ?? null, due, next: { day: next, at } };
}

function cycleText({ on, last, due, next }: CycleStatus, held: boolean): string {
  if (!on) return 'off (batch.cycle of the configuration)';
  const before =
    last === null ? 'has not run yet' : `${last.day} ${last.outcome} at ${instant(last.finishedMs)}`;
  const now = due.length === 0 ? '' : `; due: ${due.join(', ')}`;
  const waits = due.length > 0 && !held ? ', run by `octavo start`' : '';
  return `${before}${now}${waits}; ${next.day} follows at ${next.at}`;
}

function sealedText(sealed: readonly BusinessDay[]): string {
  if (sealed.length === 0) return 'no days yet';
  return sealed.length === 1
    ? `1 day, ${sealed[0]}`
    : `${sealed.length} days, ${sealed[0]} to ${sealed.at(-1)}`;
}

/** Failed attempts whose task has not succeeded since, newest first. */
function openFailures(newestFirst: readonly AttemptRecord[]): readonly AttemptRecord[] {
  const seen = new Set<string>();
  return newestFirst.filter(({ taskId, outcome }) => {
    if (outcome === undefined || outcome === 'cancelled' || seen.has(taskId)) return false;
    seen.add(taskId);
    return outcome === 'failed';
  });
}

async function editionsOf(store: Platform['store']): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const kind of editionKinds) {
    for (const name of await store.names(kind)) {
      const edition = await store.current(kind, name);
      if (edition === undefined) continue;
      const { business_day, revision, created_at } = edition;
      rows.push({ kind, name, business_day, revision, published: created_at });
    }
  }
  return rows;
}

function section(answer: Answer, title: string, rows: readonly Row[], empty?: string): void {
  if (rows.length === 0) {
    if (empty !== undefined) answer.say(`\n${empty}`);
    return;
  }
  answer.say(`\n${title}`);
  answer.rows(rows);
}

function runRow(run: Awaited<ReturnType<Platform['state']['runs']>>[number]): Row {
  return {
    run: run.runId,
    started: instant(run.startedMs),
    outcome: run.outcome ?? 'running',
    seconds: secondsOf(run),
    ...run.counts,
  };
}

function attemptRow(attempt: AttemptRecord): Row {
  const { errorCode, errorMessage } = attempt;
  return {
    task: attempt.taskId,
    attempt: attempt.attempt,
    started: instant(attempt.startedMs),
    seconds: secondsOf(attempt),
    outcome: attempt.outcome ?? 'running',
    ...(errorCode === undefined ? {} : { error: `${errorCode}: ${errorMessage ?? ''}` }),
  };
}

/** To the second, which is what people look at. */
function instant(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}

function secondsOf(span: {
  readonly startedMs: number;
  readonly finishedMs: number | undefined;
}): number | null {
  return span.finishedMs === undefined ? null : Math.round((span.finishedMs - span.startedMs) / 10) / 100;
}

const failuresShownMax = 5;
