import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { hasCode, OctavoError } from '../base/index.ts';
import { parseShipConfig, type ShipConfig } from '../collect/index.ts';
import type { Cli } from './command.ts';

/** Options of the log agent's commands. */
export interface ShipFlags {
  readonly config?: string;
  readonly to?: string;
  readonly keyFile?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly trustedProxies?: readonly string[];
  readonly site?: string;
  readonly state?: string;
  readonly name?: string;
  readonly exclude?: readonly string[];
  readonly drop?: readonly string[];
  readonly once?: boolean;
  readonly dryRun?: boolean;
  readonly lines?: string;
}

/** Reads a configuration file. Errors: `argument_invalid`, `ship_config_invalid`. */
export async function readConfig(cli: Cli, file: string): Promise<ShipConfig> {
  const path = resolve(cli.workingDirectory, file);
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (cause) {
    throw new OctavoError('argument_invalid', `--config ${file} cannot be read`, { cause });
  }
  return parseShipConfig(content, file);
}

/** The configuration file, or what the flags say. Errors: `argument_invalid`, `ship_config_invalid`. */
export async function shipConfigOf(
  cli: Cli,
  files: readonly string[],
  options: ShipFlags,
): Promise<ShipConfig> {
  if (options.config !== undefined) {
    if (files.length > 0) throw new OctavoError('argument_invalid', 'give either files or --config');
    return await readConfig(cli, options.config);
  }
  if (files.length === 0)
    throw new OctavoError('argument_invalid', 'name the files to follow, or give --config');
  if (options.to === undefined && options.dryRun !== true)
    throw new OctavoError('argument_invalid', 'say with --to where the events go, or look with --dry-run');
  const { format, pattern, site, exclude, drop, state, name, keyFile, trustedProxies } = options;
  const input = { files, format, pattern, site, exclude, drop, trusted_proxies: trustedProxies };
  const to = { url: options.to ?? 'http://127.0.0.1/v1/events', key_file: keyFile };
  try {
    return parseShipConfig(JSON.stringify({ name, state, to, inputs: [input] }), optionsName);
  } catch (error) {
    if (!hasCode(error, 'ship_config_invalid')) throw error;
    // There is no file and no line: the options have the names of its keys.
    const about = error.about
      .replace(`${optionsName}:1: `, '')
      .replace(/^'(?:inputs\.0|to)\.?([\w.]*)': /, '--$1: ');
    throw new OctavoError(
      'argument_invalid',
      about.replace('--url', '--to').replace('--trusted_proxies', '--trusted-proxies').replace('--: ', ''),
      {
        cause: error,
      },
    );
  }
}

const optionsName = 'the options';
