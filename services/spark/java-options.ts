import { sparkJars } from './install.ts';

const opened = [
  'java.lang',
  'java.lang.invoke',
  'java.lang.reflect',
  'java.io',
  'java.net',
  'java.nio',
  'java.util',
  'java.util.concurrent',
  'java.util.concurrent.atomic',
  'jdk.internal.ref',
  'sun.nio.ch',
  'sun.nio.cs',
  'sun.security.action',
  'sun.util.calendar',
];

/** What a JVM needs for Spark (its JavaModuleOptions), with a heap of 1 GB. */
const javaOptions: readonly string[] = [
  '-Xmx1g',
  '-XX:+IgnoreUnrecognizedVMOptions',
  ...opened.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
  '--add-opens=java.security.jgss/sun.security.krb5=ALL-UNNAMED',
  '-Djdk.reflect.useDirectMethodHandle=false',
  '-Dio.netty.tryReflectionSetAccessible=true',
];

/** An Iceberg REST catalogue: where it answers, and the key for it. */
export interface CatalogAddress {
  readonly url: string;
  readonly key?: string;
}

/** Spark settings by which the catalogue of this name is an Iceberg REST catalogue. */
export function catalogSettings(name: string, catalog: CatalogAddress): Readonly<Record<string, string>> {
  const prefix = `spark.sql.catalog.${name}`;
  return {
    [prefix]: 'org.apache.iceberg.spark.SparkCatalog',
    [`${prefix}.type`]: 'rest',
    [`${prefix}.uri`]: catalog.url,
    [`${prefix}.cache-enabled`]: 'false',
    ...(catalog.key === undefined ? {} : { [`${prefix}.token`]: catalog.key }),
  };
}

/**
 * The text of a Java argument file that starts a Spark with the catalogue `octavo`. A file,
 * because the key for the catalogue would be seen in the list of processes.
 */
export function javaArguments(
  main: string,
  catalog: CatalogAddress,
  more: Readonly<Record<string, string>> = {},
): string {
  const settings = {
    'spark.sql.extensions': 'org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions',
    ...catalogSettings('octavo', catalog),
    'spark.sql.defaultCatalog': 'octavo',
    'spark.sql.session.timeZone': 'UTC',
    'spark.sql.shuffle.partitions': '2',
    'spark.master': 'local[2]',
    'spark.app.name': 'octavo',
    'spark.ui.enabled': 'false',
    'spark.driver.host': '127.0.0.1',
    'spark.driver.bindAddress': '127.0.0.1',
    ...more,
  };
  const options = Object.entries(settings).map(([key, value]) => `-D${key}=${value}`);
  const all = [...javaOptions, ...options, '-cp', `${sparkJars}/*`, main];
  return all.map((argument) => `"${argument.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"\n`).join('');
}

/** Java takes the encoding of file names from the locale, and without one cannot open a folder like `서점`. */
export function javaEnvironment(): NodeJS.ProcessEnv {
  return process.platform === 'linux' ? { ...process.env, LC_ALL: 'C.UTF-8' } : process.env;
}
