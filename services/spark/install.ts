import { installJars, javaSoftware } from '../maven.ts';

const spark = javaSoftware('spark', 'Spark', 330);

/** Where the jars of this `pom.xml` lie; ignored by git, kept between runs. */
export const sparkJars = spark.jars;

/** Where a Spark that runs in the background keeps its state and its log. */
export const sparkFolder = spark.folder;

/** Fetches the jars of `pom.xml` with Maven, once. */
export function installSpark(): void {
  installJars(spark);
}
