import { readFile, stat } from 'node:fs/promises';
import { Reader } from 'mmdb-lib';
import type { CountryResponse } from 'mmdb-lib';
import { OctavoError, type Clock, type Logger } from '../base/index.ts';
import { countryCode } from '../event/index.ts';

/** Finds the country of an address in a local file of the MaxMind format, such as GeoLite2-Country or DB-IP's. */
export interface CountryDatabase {
  /** ISO 3166-1 code; undefined where the file says nothing. */
  lookup(address: string): string | undefined;
  /** Name and day of the file that is in use, e.g. `GeoLite2-Country 2026-11-20`. */
  version(): string;
}

/**
 * Reads the file, and reads it again when it was replaced: asked for at most once a minute, beside a look-up. A new file
 * that cannot be read is logged and the old one kept. Errors: `country_database_invalid`.
 */
export async function openCountryDatabase(options: {
  readonly path: string;
  readonly clock: Clock;
  readonly logger: Logger;
}): Promise<CountryDatabase> {
  const { path, clock, logger } = options;
  let { reader, changedMs } = await load(path);
  let nextLookMs = clock.now() + lookAgainMs;
  let looking = false;
  const look = async (): Promise<void> => {
    try {
      if ((await stat(path)).mtimeMs !== changedMs) ({ reader, changedMs } = await load(path));
    } catch (error) {
      logger.error('the file of countries cannot be read again, the old one is used', { error, path });
    } finally {
      looking = false;
    }
  };
  return {
    lookup: (address) => {
      if (!looking && clock.now() >= nextLookMs) {
        looking = true;
        nextLookMs = clock.now() + lookAgainMs;
        void look();
      }
      try {
        const found = reader.get(address);
        return countryCode(found?.country?.iso_code ?? found?.registered_country?.iso_code);
      } catch {
        return undefined;
      }
    },
    version: () => `${reader.metadata.databaseType} ${reader.metadata.buildEpoch.toISOString().slice(0, 10)}`,
  };
}

const lookAgainMs = 60_000;

async function load(
  path: string,
): Promise<{ readonly reader: Reader<CountryResponse>; readonly changedMs: number }> {
  try {
    const { mtimeMs } = await stat(path);
    return { reader: new Reader<CountryResponse>(await readFile(path)), changedMs: mtimeMs };
  } catch (cause) {
    throw new OctavoError('country_database_invalid', path, { cause });
  }
}
