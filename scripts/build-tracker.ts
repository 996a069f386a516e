import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { minify } from 'terser';
import { builtFrom, describeFiles, hashOfSource, replaceFolder, root } from './browser-build.ts';

// Builds the tracker into dist/tracker, compressed, with tracker.json that says what is in it.
//   node scripts/build-tracker.ts            builds when a source has changed
//   node scripts/build-tracker.ts --types    also the declarations of the npm package's `octavo/tracker`
//   node scripts/build-tracker.ts --sizes    says what each file weighs, fails when the tag is too heavy

const source = join(root, 'src', 'tracker');
const target = join(root, 'dist', 'tracker');
const indexFile = 'tracker.json';
/** What the one tag may weigh, gzipped. */
const tagBytesMax = 6 * 1024;

/** Each built file, its source, and its form: a script of its own, or a module. */
const files: readonly { readonly name: string; readonly from: string; readonly form: 'iife' | 'es' }[] = [
  { name: 'o', from: 'script.ts', form: 'iife' },
  { name: 'tracker', from: 'index.ts', form: 'es' },
  { name: 'g', from: 'destinations/ga4.ts', form: 'es' },
  { name: 'm', from: 'destinations/meta.ts', form: 'es' },
  { name: 'k', from: 'destinations/kakao.ts', form: 'es' },
  { name: 'n', from: 'destinations/naver.ts', form: 'es' },
  { name: 't', from: 'destinations/tiktok.ts', form: 'es' },
];

/** Names between the tracker's own parts, none of which a page, a browser or the collector knows: they are shortened. */
const ownNames =
  'emit on onLeave leaving watched leaseMs eventsMax onDrop onSent texts waitMs put take release move names touch ids outbox store prefix uuid report ' +
  'guard tell drop now tracker at time scroll done events bytes remove address ' +
  'record wake leave retry setReader setCampaign current';

/** In the one tag also what only an npm package's user writes. */
const moduleNames = 'needs load destinations before';

function namesToShorten(form: 'iife' | 'es'): RegExp {
  const names = form === 'iife' ? `${ownNames} ${moduleNames}` : ownNames;
  return new RegExp(`^(${names.replaceAll(' ', '|')})$`);
}

async function bundle(folder: string): Promise<void> {
  const { rolldown } = await import('rolldown');
  for (const { name, from, form } of files) {
    const made = await rolldown({
      input: join(source, from),
      platform: 'browser',
      transform: { target: 'es2022' },
    });
    await made.write({
      file: join(folder, `${name}.js`),
      format: form,
      minify: {
        compress: true,
        mangle: true,
        codegen: true,
        mangleProps: { include: namesToShorten(form) },
      },
      comments: false,
      exports: form === 'es' ? 'named' : 'none',
    });
    await made.close();
    await squeeze(join(folder, `${name}.js`), form);
  }
}

/** Once more over what the bundler has minified: each byte is paid for by every page of a store. */
async function squeeze(file: string, form: 'iife' | 'es'): Promise<void> {
  const { code } = await minify(await readFile(file, 'utf8'), {
    ecma: 2020,
    module: form === 'es',
    toplevel: true,
    compress: { passes: 3, unsafe: true, unsafe_arrows: true, pure_getters: true, keep_fargs: false },
  });
  await writeFile(file, code ?? '');
}

/** Declarations, which editors and compilers of the package's users read. */
function declare(folder: string): void {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const flags = ['-p', join(source, 'tsconfig.declarations.json'), '--outDir', folder];
  const { status } = spawnSync(process.execPath, [compiler, ...flags], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the declarations of the tracker could not be made');
}

async function buildTracker(hash: string): Promise<void> {
  const { seconds } = await replaceFolder(target, async (folder) => {
    await bundle(folder);
    const index = { source: hash, files: await describeFiles(folder) };
    await writeFile(join(folder, indexFile), JSON.stringify(index, null, 1));
    if (process.argv.includes('--types')) declare(join(folder, 'types'));
  });
  process.stderr.write(`octavo: built the tracker in ${seconds.toFixed(1)} s\n`);
}

/** Whether the tag keeps its bound. */
async function showSizes(): Promise<boolean> {
  let tagBytes = Infinity;
  for (const { name, from } of files) {
    const content = await readFile(join(target, `${name}.js`));
    // Its usual level, as servers use it: what the build keeps beside it is packed harder.
    const bytes = gzipSync(content).length;
    if (name === 'o') tagBytes = bytes;
    process.stdout.write(
      `${`${name}.js`.padEnd(12)} ${from.padEnd(24)} ${content.length} bytes, gzipped ${bytes}\n`,
    );
  }
  const kept = tagBytes <= tagBytesMax;
  process.stdout.write(`o.js: ${tagBytes} of ${tagBytesMax} bytes gzipped${kept ? '' : ', TOO HEAVY'}\n`);
  return kept;
}

const hash = await hashOfSource(source, [import.meta.filename]);
const built = await builtFrom(join(target, indexFile));
const wanted = ['--force', '--types'].some((flag) => process.argv.includes(flag));
if (wanted || built !== hash) await buildTracker(hash);
if (process.argv.includes('--sizes') && !(await showSizes())) process.exitCode = 1;
