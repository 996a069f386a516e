import { cp, mkdir, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { OctavoError } from '../../base/index.ts';
import { answerOf, optionsOf, type Cli } from '../command.ts';

const template = fileURLToPath(new URL('../../../examples/bookstore/', import.meta.url));

/** `octavo init` */
export function registerInit(program: Command, cli: Cli): void {
  program
    .command('init')
    .description('Make a project: configuration, models, lists, metrics, recommenders, a task.')
    .argument('[folder]', 'an empty or new folder', '.')
    .addHelpText(
      'after',
      '\nExample:\n  octavo init my-store && cd my-store && octavo simulate --days 30 && octavo start',
    )
    .action(async (folder: string, _options: unknown, command: Command) => {
      const answer = answerOf(cli, optionsOf(command));
      const target = resolve(cli.workingDirectory, folder);
      await mkdir(target, { recursive: true });
      const there = (await readdir(target)).filter((name) => name !== '.git');
      if (there.length > 0) {
        throw new OctavoError(
          'argument_invalid',
          `${target} is not empty (${there.slice(0, 3).join(', ')}); choose a new folder`,
        );
      }
      const copied: string[] = [];
      await cp(template, target, {
        recursive: true,
        filter: (source) => {
          const name = source.slice(template.length);
          if (name.startsWith('.octavo')) return false;
          if (name !== '' && basename(name).includes('.')) copied.push(name);
          return true;
        },
      });
      answer.document({ project: target, files: copied });
      answer.say(`made a project in ${target}\n`);
      answer.say(copied.map((name) => `  ${join(folder, name)}`).join('\n'));
      answer.say('\nnext: octavo simulate --days 30   a month of a made-up store, to see it work');
      answer.say('      octavo start                serves it, collects events, runs every day’s cycle');
    });
}
