import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import type { Command } from 'commander';
import { OctavoError } from '../../base/index.ts';
import { answerOf, exampleText, optionsOf, type Cli } from '../command.ts';
import { commandFor, packageFolder } from '../invocation.ts';

const template = join(packageFolder, 'examples', 'bookstore');

/** `octavo init` */
export function registerInit(program: Command, cli: Cli): void {
  program
    .command('init')
    .description('Make a project: configuration, models, lists, metrics, recommenders, a task.')
    .argument('[folder]', 'an empty or new folder', '.')
    .addHelpText(
      'after',
      `${exampleText(
        'octavo init my-store && cd my-store && octavo simulate --days 30 && octavo start',
        'mkdir my-store && cd my-store && npm init -y && npm install ../octavo/octavo-0.1.0.tgz && npx octavo init',
      )}

Octavo is not in the npm registry: \`npm pack\` in its checkout makes the file that the second example installs. Without
installing, \`node ../octavo/bin/octavo.mjs init my-store\` does the same.`,
    )
    .action(async (folder: string, _options: unknown, command: Command) => {
      const answer = answerOf(cli, optionsOf(command));
      const target = resolve(cli.workingDirectory, folder);
      await mkdir(target, { recursive: true });
      const there = (await readdir(target)).filter((name) => !mayBeThere.has(name));
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
          const name = relative(template, source);
          if (leftOut.has(name.split(sep)[0] ?? '')) return false;
          if (name !== '' && basename(name).includes('.')) copied.push(name);
          return true;
        },
      });
      // npm leaves files of this name out of packages, so it can't be part of the template.
      await writeFile(join(target, '.gitignore'), '.octavo/\nnode_modules/\n');
      const files = [...copied, '.gitignore'].toSorted((a, b) => (a < b ? -1 : 1));
      const { environment } = cli;
      const again = commandFor({ workingDirectory: target, environment, root: target });
      answer.document({ project: target, files });
      answer.say(`made a project in ${target}\n`);
      answer.say(files.map((name) => `  ${name}`).join('\n'));
      answer.say('\nnext:');
      if (target !== cli.workingDirectory) answer.say(`  cd ${folder}`);
      answer.say(`  ${again} simulate --days 30    a month of a made-up store, to see it work`);
      answer.say(`  ${again} start                 serves it, collects events, runs every day’s cycle`);
    });
}

/** What a folder may hold and yet count as empty: version control, and an installed Octavo. */
const mayBeThere = new Set(['.git', '.gitignore', 'node_modules', 'package.json', 'package-lock.json']);
/** What a project makes by itself. */
const leftOut = new Set(['.octavo', 'node_modules', '.gitignore']);
