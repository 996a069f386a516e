// Runs Octavo from source with the right Node. Plain JavaScript: it must run on any Node from 20 on.
//   node scripts/launch.mjs <octavo arguments>
//   node scripts/launch.mjs --script <file> <arguments>
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const lockFile = join(root, 'package-lock.json');
const nodePackage = findPackage('node') ?? join(modules, 'node');
const binary = join(nodePackage, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const nodeMajor = 26;

/** Installs what is missing, then runs the command; resolves with its exit code. */
export async function launch(args) {
  if (!installed()) await install();
  const node = findNode();
  if (servesPeople.has(args[0]))
    await buildPages(node, {
      wait: args[0] !== 'demo',
      only: args[0] === 'collect' ? 'build-tracker.ts' : 'build.ts',
    });
  const [script, rest] =
    args[0] === '--script'
      ? [resolve(root, args[1] ?? ''), args.slice(2)]
      : [join(root, 'src/cli/main.ts'), args];
  return await run(node, [script, ...rest], args[0] !== '--script');
}

/** Commands that serve the console and the tracker. */
const servesPeople = new Set(['demo', 'start', 'serve', 'collect']);

/**
 * Builds the console and the tracker when a source has changed; in an installed package they were built before packing. The demo makes
 * its history meanwhile: a running server takes a build over.
 */
async function buildPages(node, { wait, only }) {
  const script = join(root, 'scripts', only);
  if (!existsSync(script) || !existsSync(join(modules, 'vite'))) return;
  building = spawn(node, [script], {
    cwd: root,
    stdio: wait ? ['ignore', 2, 2] : ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  building.stderr?.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const built = reported(building, () => said);
  if (wait) await built;
}

/** Waits for the build, and says why there is none. */
async function reported(build, said) {
  const status = await new Promise((done) => {
    build.once('error', () => done(127));
    build.once('close', (code) => done(code ?? 130));
  });
  building = undefined;
  if (status !== 0 && !stopping)
    process.stderr.write(`${said()}octavo: console or tracker could not be built; everything else works\n`);
}

let building;
let stopping = false;

/** Folder of a package, wherever npm has put it: beside Octavo, or below it. */
function findPackage(name) {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

/**
 * Whether npm's record of what it installed has every package of the lock file, in its version. A package has no
 * lock file: whoever installed it has installed what it needs.
 */
function installed() {
  const wanted = packagesOf(lockFile);
  if (wanted === undefined) return true;
  const present = packagesOf(join(modules, '.package-lock.json'));
  if (present === undefined) return false;
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional === true || present[path]?.version === entry.version,
  );
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

async function install() {
  const lock = join(root, '.octavo-install.lock');
  await takeLock(lock);
  const forget = () => rmSync(lock, { recursive: true, force: true });
  process.once('exit', forget);
  try {
    if (installed()) return;
    process.stderr.write('octavo: installing packages (npm ci), once; this takes a minute or two\n');
    const windows = process.platform === 'win32';
    const ignore = () => undefined;
    process.on('SIGINT', ignore);
    const code = await new Promise((done) => {
      // npm's own chatter goes to stderr, so that --json output stays clean.
      const child = spawn(
        windows ? 'npm.cmd' : 'npm',
        ['ci', '--no-fund', '--no-audit', '--loglevel=error'],
        {
          cwd: root,
          stdio: ['ignore', 2, 2],
          shell: windows,
        },
      );
      child.once('error', () => done(127));
      child.once('exit', (status, signal) => done(signal === null ? status : 130));
    });
    process.off('SIGINT', ignore);
    if (code !== 0) {
      process.stderr.write(
        `octavo: npm ci failed (exit ${code}). Look at its message above, then run the same command again.\n`,
      );
      process.exit(code ?? 1);
    }
  } finally {
    process.off('exit', forget);
    forget();
  }
}

/** One first run installs, the others wait for it; the lock of a process that is gone is taken over. */
async function takeLock(lock) {
  for (let told = false; ;) {
    try {
      mkdirSync(lock);
      const beat = setInterval(() => touch(lock), 2000);
      beat.unref();
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (age(lock) > lockSilentMs) {
      rmSync(lock, { recursive: true, force: true });
      continue;
    }
    if (!told) process.stderr.write('octavo: another run is installing packages; waiting for it\n');
    told = true;
    await new Promise((done) => setTimeout(done, 500));
  }
}

const lockSilentMs = 15_000;

function touch(path) {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // The lock is gone: installing has just ended.
  }
}

function age(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

function findNode() {
  if (works(binary)) return binary;
  // Install scripts may have been switched off (ignore-scripts); the package's own one fetches the binary.
  const script = join(nodePackage, 'installArchSpecificPackage.js');
  if (existsSync(script)) {
    process.stderr.write('octavo: fetching Node 26, because install scripts were switched off\n');
    spawnSync(process.execPath, [script], { cwd: nodePackage, stdio: ['ignore', 2, 2] });
    if (works(binary)) return binary;
  }
  if (Number(process.versions.node.split('.')[0]) >= nodeMajor) return process.execPath;
  process.stderr.write(
    `octavo: Node ${nodeMajor} is missing (this is ${process.version}).\n` +
      `  Run \`npm rebuild node --ignore-scripts=false\` in ${root}, or install Node ${nodeMajor} yourself.\n`,
  );
  process.exit(1);
}

function works(file) {
  if (!existsSync(file)) return false;
  return spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout?.startsWith(`v${nodeMajor}.`) === true;
}

/** Compiled code is kept, which halves the time to start. Below `node_modules` Node runs no TypeScript by itself. */
function environment() {
  const given = { NODE_COMPILE_CACHE: join(modules, '.cache', 'octavo'), ...process.env };
  if (!root.split(/[\\/]/).includes('node_modules')) return given;
  const preload = `--import=${pathToFileURL(join(root, 'bin', 'typescript.mjs')).href}`;
  const silent = '--disable-warning=ExperimentalWarning';
  return { ...given, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} ${silent} ${preload}`.trim() };
}

/**
 * The terminal gives Ctrl-C to the child by itself; other signals are passed on. A kill cannot be: a command has a pipe whose
 * end tells it that this process is gone (src/cli/launcher.ts).
 */
function run(node, args, isCommand) {
  const pipes = isCommand ? ['pipe'] : [];
  const given = isCommand ? { OCTAVO_LAUNCHER_FD: '3' } : {};
  const child = spawn(node, args, {
    stdio: ['inherit', 'inherit', 'inherit', ...pipes],
    env: { ...environment(), ...given },
  });
  const stop = (signal) => {
    stopping = true;
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  return new Promise((done) => {
    child.once('error', (error) => {
      process.stderr.write(`octavo: ${error.message}\n`);
      done(1);
    });
    child.once('exit', (code, signal) => {
      stopping = true;
      building?.kill();
      done(code ?? { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal] ?? 137);
    });
  });
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await launch(process.argv.slice(2));
}
