import { hasCode, OctavoError, parseYaml, yamlLine } from '../../base/index.ts';
import { shipConfigSchema, type ShipConfig } from './config.ts';
import { compileInput } from './input.ts';
import { placed } from './placed.ts';

/** Reads a configuration file, and compiles its inputs to see that they can be. Errors: `ship_config_invalid` with file and line. */
export function parseShipConfig(content: string, file: string): ShipConfig {
  const config = parseYaml({ text: content, file, schema: shipConfigSchema, code: 'ship_config_invalid' });
  try {
    placed('to', () => checkTarget(config.to));
    for (const [index, input] of config.inputs.entries())
      placed(`inputs.${index}`, () => compileInput(input, false));
    return config;
  } catch (error) {
    if (!hasCode(error, 'ship_config_invalid')) throw error;
    const path = String(error.details['path']);
    const line = yamlLine(content, path.split('.'));
    throw new OctavoError('ship_config_invalid', `${file}:${line}: '${path}': ${error.about}`, {
      cause: error.cause,
      details: { file, line },
    });
  }
}

function checkTarget({ url, journal, kafka }: ShipConfig['to']): void {
  if ([url, journal, kafka].filter((one) => one !== undefined).length !== 1)
    throw new OctavoError('ship_config_invalid', 'one of url, journal and kafka is needed');
  placed('url', () => {
    if (url !== undefined && !/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
      throw new OctavoError(
        'ship_config_invalid',
        `'${url}' is no address like https://collect.example/v1/events`,
      );
  });
}
