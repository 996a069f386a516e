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
export const javaOptions: readonly string[] = [
  '-Xmx1g',
  '-XX:+IgnoreUnrecognizedVMOptions',
  ...opened.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
  '--add-opens=java.security.jgss/sun.security.krb5=ALL-UNNAMED',
  '-Djdk.reflect.useDirectMethodHandle=false',
  '-Dio.netty.tryReflectionSetAccessible=true',
];

/** Spark settings by which the catalogue `octavo` is an Iceberg REST catalogue at the URL. */
export function catalogSettings(catalogUrl: string): Readonly<Record<string, string>> {
  return {
    'spark.sql.extensions': 'org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions',
    'spark.sql.catalog.octavo': 'org.apache.iceberg.spark.SparkCatalog',
    'spark.sql.catalog.octavo.type': 'rest',
    'spark.sql.catalog.octavo.uri': catalogUrl,
    'spark.sql.catalog.octavo.cache-enabled': 'false',
    'spark.sql.defaultCatalog': 'octavo',
    'spark.sql.session.timeZone': 'UTC',
    'spark.sql.shuffle.partitions': '2',
    'spark.master': 'local[2]',
    'spark.app.name': 'octavo',
    'spark.ui.enabled': 'false',
    'spark.driver.host': '127.0.0.1',
    'spark.driver.bindAddress': '127.0.0.1',
  };
}
