import { resolve } from 'node:path';
import { openCountryDatabase, type EnrichmentOptions } from '../collect/index.ts';
import type { Platform } from './platform.ts';

/** What the project's configuration says of enrichment; opens its file of countries. Errors: `country_database_invalid`. */
export async function enrichOptionsOf({ config, project, clock, log }: Platform): Promise<EnrichmentOptions> {
  const { countryFile, clockToleranceSeconds, ...rest } = config.collect.enrich;
  const path = countryFile === undefined ? undefined : resolve(project.root, countryFile);
  const countries = path === undefined ? undefined : await openCountryDatabase({ path, clock, logger: log });
  return { ...rest, countries, clockToleranceMs: clockToleranceSeconds * 1000 };
}
