import type { Command } from 'commander';
import { OctavoError } from '../../base/index.ts';
import { evaluate, keepEvaluation, printEvaluation } from '../../recommend/index.ts';
import { dayOption, numberOption } from '../arguments.ts';
import { answerOf, optionsOf, withPlatform, type Cli } from '../command.ts';
import { codeVersion } from '../platform.ts';

/** `octavo evaluate` */
export function registerEvaluate(program: Command, cli: Cli): void {
  program
    .command('evaluate')
    .description('Compare the recommenders offline: train before a day, test on the days after it.')
    .option('--train-to <day>', 'last day of training (default: 7 days before the newest)')
    .option('--to <day>', 'last day of the test (default: the newest sealed day)')
    .option('--k <titles>', 'length of the lists that are judged', '20')
    .option('--save', 'keep the result, for the console and the API')
    .addHelpText(
      'after',
      '\nRecall and nDCG come with 95 % bootstrap intervals over readers; popularity is the baseline.',
    )
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf<{ trainTo?: string; to?: string; k: string; save?: true }>(command);
      const answer = answerOf(cli, options);
      const k = numberOption('k', options.k, { from: 1, to: 200 });
      const [givenTrainTo, givenTo] = [dayOption('train-to', options.trainTo), dayOption('to', options.to)];
      await withPlatform(cli, options, async (platform) => {
        const { warehouse, calendar, project, config, store, state } = platform;
        const newest = (await warehouse.sealedDays()).at(-1);
        const testTo = givenTo ?? newest;
        if (testTo === undefined)
          throw new OctavoError('day_not_sealed', 'no day is sealed yet; run `octavo run` first');
        const trainTo = givenTrainTo ?? calendar.addDays(testTo, -7);
        if (trainTo >= testTo)
          throw new OctavoError('argument_invalid', `--train-to ${trainTo} must be before --to ${testTo}`);
        const { recommenders } = project;
        const evaluation = await evaluate({
          warehouse,
          recommenders,
          trainTo,
          testTo,
          k,
          threads: config.recommend.threads,
          signal: cli.signal,
        });
        if (options.save === true) {
          // As the newest attempt: whoever publishes later, a task too, has a greater one.
          const token = (await state.attempts({ limit: 1 }))[0]?.token ?? 0;
          await keepEvaluation({ evaluation, recommenders, store, codeVersion, token });
        }
        answer.document(evaluation);
        answer.say(printEvaluation(evaluation));
      });
    });
}
