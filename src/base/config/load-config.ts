import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { OctavoError } from '../errors.ts';
import { fileError } from '../file-error.ts';
import { resolveConfig, type Environment } from './resolve-config.ts';
import type { Config } from './schema.ts';

/** The configuration file's name. */
export const configFileName = 'octavo.config.ts';

/**
 * Reads a project's configuration. `import 'octavo'` in it must be resolvable (the command line sees to
 * it). Errors: `config_not_found`, `config_invalid`, `config_unknown_key`.
 *
 * @param project - absolute path of the project's folder
 */
export async function loadConfig(project: string, env: Environment): Promise<Config> {
  const { spec, text } = await readSpec(project);
  return resolveConfig(spec, { env, file: configFileName, text });
}

/** A configuration as the project writes it. Errors: `config_not_found`, `config_invalid`. */
export async function readSpec(project: string): Promise<{ readonly spec: unknown; readonly text: string }> {
  const file = join(project, configFileName);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new OctavoError('config_not_found', project, { cause });
  });
  // The query makes an edited file load anew; the same file is loaded once.
  const address = `${pathToFileURL(file).href}?changed=${(await stat(file)).mtimeMs}`;
  const module = (await import(address).catch((cause: unknown) => {
    throw fileError({ path: file, shown: configFileName, code: 'config_invalid', thrown: cause });
  })) as { readonly default?: unknown };
  if (module.default === undefined) {
    throw new OctavoError(
      'config_invalid',
      `${configFileName}: write \`export default defineConfig({ … })\``,
    );
  }
  return { spec: module.default, text };
}
