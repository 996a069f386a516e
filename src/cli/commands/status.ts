import type { Command } from 'commander';
import { answerOf, optionsOf, withPlatform, type Cli } from '../command.ts';

/** `octavo status` */
export function registerStatus(program: Command, cli: Cli): void {
  program
    .command('status')
    .description('How the platform stands: days, editions, runs, what failed.')
    .option('--task <id>', 'the history of one task with its log')
    .option('--runs <count>', 'runs to show', '5')
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf<{ task?: string; runs: string }>(command);
      const answer = answerOf(cli, options);
      await withPlatform(cli, options, async ({ state, store, warehouse, calendar, clock, project }) => {
        if (options.task !== undefined) {
          const attempts = await state.attempts({ taskId: options.task, limit: 20 });
          if (answer.json) answer.document({ attempts });
          else {
            answer.rows(attempts.map(attemptRow), {
              empty: `'${options.task}' has not run yet; ids look like model:sale_lines(day=2026-11-02)`,
            });
            answer.say((attempts[0]?.log ?? []).join('\n'));
          }
          return;
        }
        const today = calendar.dayOf(clock.now());
        const sealed = await warehouse.sealedDays();
        const runs = await state.runs({ limit: Number(options.runs) });
        const failed = (await state.attempts({ limit: 200 }))
          .filter(({ outcome }) => outcome === 'failed')
          .slice(0, 5);
        const editions = [];
        for (const kind of ['bestseller', 'recommend', 'statistic'] as const) {
          for (const name of await store.names(kind)) {
            const edition = await store.current(kind, name);
            if (edition !== undefined)
              editions.push({
                kind,
                name,
                business_day: edition.business_day,
                revision: edition.revision,
                published: edition.created_at,
              });
          }
        }
        if (answer.json) {
          answer.document({
            project: project.root,
            business_day: today,
            sealed_days: sealed.length,
            newest_sealed: sealed.at(-1) ?? null,
            editions,
            runs,
            failed,
          });
          return;
        }
        answer.say(`project       ${project.root}`);
        answer.say(`business day  ${today} (${calendar.timeZone}, begins ${calendar.dayStart})`);
        answer.say(
          `sealed        ${sealed.length} days${sealed.length === 0 ? '' : `, newest ${sealed.at(-1)}`}\n`,
        );
        answer.rows(editions, { empty: 'no editions yet' });
        answer.say('');
        answer.rows(
          runs.map((run) => ({
            run: run.runId,
            started: new Date(run.startedMs).toISOString(),
            outcome: run.outcome ?? 'running',
            seconds:
              run.finishedMs === undefined ? null : Math.round((run.finishedMs - run.startedMs) / 100) / 10,
            ...run.counts,
          })),
          { empty: 'no runs yet' },
        );
        if (failed.length > 0) {
          answer.say('\nfailed lately');
          answer.rows(failed.map(attemptRow));
        }
      });
    });
}

function attemptRow(attempt: {
  readonly taskId: string;
  readonly attempt: number;
  readonly startedMs: number;
  readonly finishedMs: number | undefined;
  readonly outcome: string | undefined;
  readonly errorCode: string | undefined;
  readonly errorMessage: string | undefined;
}): Readonly<Record<string, unknown>> {
  return {
    task: attempt.taskId,
    attempt: attempt.attempt,
    started: new Date(attempt.startedMs).toISOString(),
    seconds:
      attempt.finishedMs === undefined
        ? null
        : Math.round((attempt.finishedMs - attempt.startedMs) / 10) / 100,
    outcome: attempt.outcome ?? 'running',
    error:
      attempt.errorCode === undefined
        ? ''
        : `${attempt.errorCode}: ${(attempt.errorMessage ?? '').slice(0, 120)}`,
  };
}
