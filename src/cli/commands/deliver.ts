import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { OctavoError, suggestion, type BusinessDay } from '../../base/index.ts';
import { findingData, pageTask } from '../../statistics/index.ts';
import { dayOption } from '../arguments.ts';
import { answerOf, exampleText, notPublished, optionsOf, withPlatform, type Cli } from '../command.ts';
import { isDayLate, openDeliverer } from '../deliveries.ts';
import type { Platform } from '../platform.ts';
import { runGoals } from '../run-plan.ts';

/** `octavo alerts` */
export function registerAlerts(program: Command, cli: Cli): void {
  program
    .command('alerts')
    .description('Show what every alert finds of a day.')
    .option('--day <day>', 'business day (default: the newest that is counted)')
    .addHelpText(
      'after',
      `
Alerts are declared in alerts/*.yaml. \`octavo start\` tells their channels once a day, in one digest.
${exampleText('octavo alerts', 'octavo alerts --day 2026-11-02 --json')}`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf<{ day?: string }>(command);
      const answer = answerOf(cli, options);
      const given = dayOption('day', options.day);
      await withPlatform(cli, options, async (platform) => {
        const deliverer = openDeliverer(platform);
        const day = given ?? (await newestDay(platform));
        const findings = await deliverer.findings(day, await isDayLate(platform, day));
        const data = findings.map((finding) => findingData(finding, platform.config.locale));
        answer.document({ business_day: day, alerts: data });
        answer.rows(
          findings.map(({ alert, metric, state, value, against }, index) => ({
            alert: alert.id,
            state,
            metric: metric.name,
            value,
            compared: against?.value ?? null,
            day,
            says: String(data[index]?.['sentence'] ?? ''),
          })),
          { empty: 'the project declares no alerts: put a YAML file into alerts/' },
        );
      });
    });
}

interface DeliverOptions {
  readonly day?: string;
  readonly again?: boolean;
  readonly out?: string;
}

/** `octavo deliver` */
export function registerDeliver(program: Command, cli: Cli): void {
  program
    .command('deliver')
    .description('List the pages that are sent on a schedule, or send one of them now.')
    .argument('[delivery]', 'a delivery’s id; without it, every delivery')
    .option('--day <day>', 'business day of the page (default: the newest that is counted)')
    .option('--again', 'send it even when it was sent already')
    .option('--out <file>', 'write the page to a file ending in .html, .txt or .png, and send nothing')
    .addHelpText(
      'after',
      `
Deliveries are declared in deliveries/*.yaml, channels in octavo.config.ts.
${exampleText('octavo deliver', 'octavo deliver morning --out morning.html', 'octavo deliver morning --again')}`,
    )
    .action(async (id: string | undefined, _options: unknown, command: Command) => {
      const options = optionsOf<DeliverOptions>(command);
      const answer = answerOf(cli, options);
      const given = dayOption('day', options.day);
      await withPlatform(cli, options, async (platform) => {
        const deliverer = openDeliverer(platform);
        if (id === undefined) {
          const rows = deliverer.deliveries.map(
            ({ id: delivery, page, every, not_before: notBefore, to }) => ({
              delivery,
              page,
              every,
              not_before: notBefore ?? null,
              to: to.join(' '),
            }),
          );
          answer.document({ deliveries: deliverer.deliveries });
          answer.rows(rows, {
            empty: 'the project declares no deliveries: put a YAML file into deliveries/',
          });
          return;
        }
        const delivery = deliverer.deliveries.find((one) => one.id === id);
        if (delivery === undefined) {
          const known = deliverer.deliveries.map((one) => one.id);
          throw new OctavoError('argument_invalid', `there is no delivery '${id}'${suggestion(id, known)}`);
        }
        const day = given ?? (await newestDay(platform));
        if (options.out !== undefined) {
          const path = resolve(cli.workingDirectory, options.out);
          const format = /\.(html|txt|png)$/.exec(path)?.[1];
          if (format === undefined)
            throw new OctavoError('argument_invalid', `--out ${options.out}, expected .html, .txt or .png`);
          const formats = format === 'png' ? (['png'] as const) : (['html'] as const);
          const message = await deliverer.pageMessage({ ...delivery, formats: [...formats] }, day);
          const content = { html: message.html, txt: message.text, png: message.pictures[0]?.png ?? '' };
          await writeFile(path, content[format as keyof typeof content]);
          answer.say(`${message.subject}: written to ${path}`);
          answer.document({ delivery: id, business_day: day, subject: message.subject, file: path });
          return;
        }
        const goals = delivery.to.map((channel) => ({ task: pageTask(id, channel), parameters: { day } }));
        await runGoals(cli, answer, platform, { goals, force: options.again ?? false });
      });
    });
}

async function newestDay({ store }: Platform): Promise<BusinessDay> {
  const newest = await store.current('statistic', 'daily');
  if (newest === undefined) throw notPublished('statistics');
  return newest.business_day;
}
