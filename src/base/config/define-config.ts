import type { Secret } from '../secret.ts';
import type { Config } from './schema.ts';

type SpecOf<T> = T extends Secret
  ? SecretSpec
  : T extends readonly unknown[]
    ? T
    : T extends object
      ? { readonly [K in keyof T]?: SpecOf<T[K]> }
      : T;

type OneSourceSpec<S> = S extends { readonly type: unknown }
  ? SpecOf<S> & Pick<S, 'type' | Extract<keyof S, 'path' | 'database' | 'user'>>
  : never;

/** A secret as it is written in a configuration: the name of the environment variable that holds it. */
export interface SecretSpec {
  readonly env: string;
}

/** One source as it is written in a configuration. */
export type SourceSpec = OneSourceSpec<SourceConfig>;

type OneChannelSpec<C> = C extends { readonly type: unknown } ? SpecOf<C> & Pick<C, 'type'> : never;

/** One source with its defaults filled in. */
export type SourceConfig = Config['sources'][string];

/** A source that is a database server. */
export type ServerSourceConfig = Extract<SourceConfig, { readonly type: 'mariadb' | 'mysql' | 'postgres' }>;
/** A source that is a SQLite database. */
export type SqliteSourceConfig = Extract<SourceConfig, { readonly type: 'sqlite' }>;
/** A source that is a database: its tables are read as of one moment. */
export type DatabaseSourceConfig = ServerSourceConfig | SqliteSourceConfig;

/** A configuration as a project writes it: every key may be left out. */
export type ConfigSpec = {
  readonly [K in keyof Config]?: K extends 'sources'
    ? Readonly<Record<string, SourceSpec>>
    : K extends 'channels'
      ? Readonly<Record<string, OneChannelSpec<Config['channels'][string]>>>
      : SpecOf<Config[K]>;
};

/** Gives `export default defineConfig({ … })` in `octavo.config.ts` its types; returns what it is given. */
export function defineConfig(spec: ConfigSpec): ConfigSpec {
  return spec;
}
