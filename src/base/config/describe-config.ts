import type { TSchema } from '@sinclair/typebox';
import type { Text } from '../text.ts';
import { koreanOf } from './korean.ts';
import { readSpec, configFileName } from './load-config.ts';
import { resolveConfig, variableOf, type Environment } from './resolve-config.ts';
import { configSchema } from './schema.ts';

/** One key of the configuration as it holds. */
export interface ConfigEntry {
  /** `http.port`. */
  readonly key: string;
  /** As JSON writes it; undefined for a secret, which is never shown, and for what is not set. */
  readonly value: string | undefined;
  readonly origin: 'default' | 'file' | 'environment';
  /** The variable that overrides it; undefined where none can. */
  readonly variable: string | undefined;
  readonly description: Text;
  readonly secret: boolean;
}

interface Node extends TSchema {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly patternProperties?: Readonly<Record<string, Node>>;
  readonly secret?: boolean;
}

/** Every key of a project's configuration, its value, and where that comes from. Errors: those of `loadConfig`. */
export async function describeConfig(project: string, env: Environment): Promise<readonly ConfigEntry[]> {
  const { spec, text } = await readSpec(project);
  const resolved = resolveConfig(spec, { env, file: configFileName, text });
  return entriesOf(configSchema, { spec, resolved, env, path: [] });
}

interface Place {
  /** As the file has it. */
  readonly spec: unknown;
  /** As it holds. */
  readonly resolved: unknown;
  readonly env: Environment;
  readonly path: readonly string[];
}

/** The entries of a part of the schema. */
export function entriesOf(schema: Node, place: Place): readonly ConfigEntry[] {
  const { spec, resolved, env, path } = place;
  if (schema.properties !== undefined) {
    return Object.entries(schema.properties).flatMap(([key, child]) =>
      entriesOf(child, {
        spec: inside(spec, key),
        resolved: inside(resolved, key),
        env,
        path: [...path, key],
      }),
    );
  }
  const entry = { key: path.join('.'), description: describedIn(path, schema) };
  // Sources have keys of their own names, which no variable overrides.
  if (schema.patternProperties !== undefined) {
    const origin = spec === undefined ? 'default' : 'file';
    return [{ ...entry, value: textOf(resolved), origin, variable: undefined, secret: false }];
  }
  const variable = variableOf(path);
  const secret = schema.secret === true;
  const origin = env[variable] === undefined ? (spec === undefined ? 'default' : 'file') : 'environment';
  return [{ ...entry, value: secret ? undefined : textOf(resolved), origin, variable, secret }];
}

function describedIn(path: readonly string[], schema: Node): Text {
  const [en, ko] = [schema.description ?? '', koreanOf[path.join('.')]];
  return ko === undefined ? en : { en, ko };
}

/** Secrets inside write themselves as `***`. */
function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function inside(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
