import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fillFolder } from '../fill-folder.ts';
import { fetchMaxMs, runProgram } from '../run-program.ts';

/** Programs of another suite of Debian than the one that runs here, with every library that they need, in a folder of their own. */
export interface DebianPrograms {
  readonly suite: string;
  readonly packages: readonly string[];
  /** The programs wanted, by their place in the packages; each is run as `bin/<its name>` of the folder. */
  readonly programs: readonly string[];
  /** Packages that these depend on and that the programs wanted do not need. */
  readonly without: readonly string[];
  /** Where they are unpacked; ignored by git, kept between runs. */
  readonly folder: string;
  readonly sizeMegabytes: number;
}

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Why they cannot be had on this machine, in one line; undefined where they can be tried. */
export function missingForDebian(): string | undefined {
  if (process.platform !== 'linux') return 'packages of Debian run on Linux only';
  for (const program of ['apt-get', 'dpkg-deb'])
    if (spawnSync(program, ['--version']).status !== 0) return `there is no ${program}`;
  if (!existsSync(keyring)) return `there is no ${keyring}, with which Debian's packages are checked`;
  return mirror() === undefined ? 'the sources of apt name no mirror of Debian' : undefined;
}

/**
 * Fetches and unpacks them, once, with this machine's apt and an own root for it: nothing that is installed here, nor apt's own lists,
 * is touched. Apt checks the suite's signature, and each package by its sum. Errors: what apt says.
 */
export function installDebianPrograms(programs: DebianPrograms): void {
  const { folder, packages, suite } = programs;
  if (existsSync(folder)) return;
  process.stdout.write(
    `fetching ${packages.join(', ')} of Debian's ${suite}, once (about ${programs.sizeMegabytes} MB)\n`,
  );
  fillFolder(folder, (begun) => {
    const root = join(begun, 'apt');
    const apt = aptRoot(root, programs);
    apt('update');
    apt('install', '--yes', '--no-install-recommends', '--download-only', ...packages);
    for (const archive of globSync(join(root, 'cache/archives/*.deb')))
      runProgram('dpkg-deb', ['--extract', archive, begun]);
    rmSync(root, { recursive: true });
    writeStarters(begun, programs.programs);
  });
}

/** How apt runs on a root of its own, where nothing is installed but what is left out. */
function aptRoot(
  root: string,
  { suite, without }: DebianPrograms,
): (...parameters: readonly string[]) => string {
  for (const folder of ['state/lists/partial', 'cache/archives/partial', 'etc/preferences.d', 'tmp'])
    mkdirSync(join(root, folder), { recursive: true });
  const architecture = runProgram('dpkg', ['--print-architecture']).trim();
  const installed = without.map(
    (name) =>
      `Package: ${name}\nStatus: install ok installed\nVersion: 999\nArchitecture: ${architecture}\nMulti-Arch: allowed\n` +
      'Maintainer: nobody\nDescription: left out\n',
  );
  writeFileSync(join(root, 'status'), installed.join('\n'));
  writeFileSync(
    join(root, 'etc/sources.list'),
    `deb [arch=${architecture} signed-by=${keyring}] ${mirror() ?? ''} ${suite} main\n`,
  );
  const settings = join(root, 'apt.conf');
  writeFileSync(
    settings,
    `Dir::State "${root}/state"; Dir::State::status "${root}/status"; Dir::Cache "${root}/cache"; Dir::Etc "${root}/etc";
Dir::Etc::sourcelist "${root}/etc/sources.list"; Dir::Etc::sourceparts "/dev/null"; Dir::Etc::trustedparts "/dev/null";
Acquire::Languages "none"; Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false"; Acquire::Retries "1"; Acquire::http::Timeout "20";
APT::Update::Error-Mode "any"; APT::Get::AllowUnauthenticated "false";
Acquire::AllowInsecureRepositories "false"; Acquire::AllowDowngradeToInsecureRepositories "false";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
${process.getuid?.() === 0 ? 'APT::Sandbox::User "root";' : ''}\n`,
  );
  return (...parameters) =>
    runProgram('apt-get', ['--config-file', settings, '--quiet=2', ...parameters], {
      timeoutMs: fetchMaxMs,
      environment: {
        ...process.env,
        LC_ALL: 'C.UTF-8',
        DEBIAN_FRONTEND: 'noninteractive',
        TMPDIR: join(root, 'tmp'),
      },
    });
}

/** The mirror that this machine's own packages come from, when it is a Debian; others' packages lie deeper. */
function mirror(): string | undefined {
  const files = ['/etc/apt/sources.list', ...globSync('/etc/apt/sources.list.d/*.{list,sources}')];
  for (const file of files.filter((one) => existsSync(one))) {
    const stated = readFileSync(file, 'utf8').replaceAll(/^\s*#.*$/gm, '');
    const [found] = /\bhttps?:\/\/[^/\s]+(?:\/pub)?\/debian\/?(?=\s|$)/m.exec(stated) ?? [];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Each program is run by the loader and with the libraries that came with it, which are newer than this machine's. */
function writeStarters(folder: string, programs: readonly string[]): void {
  const [loader = ''] = globSync('usr/lib/*-linux-gnu*/ld-linux*', { cwd: folder });
  if (loader === '') throw new Error('the packages hold no loader of programs');
  mkdirSync(join(folder, 'bin'));
  for (const program of programs)
    writeFileSync(
      join(folder, 'bin', basename(program)),
      `#!/bin/sh\nhere=$(cd "$(dirname "$0")/.." && pwd)\nexec "$here/${loader}" --library-path "$here/${dirname(loader)}" "$here/${program}" "$@"\n`,
      { mode: 0o755 },
    );
}
