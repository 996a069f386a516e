import packageFile from '../../package.json' with { type: 'json' };
import { createApi, openKeyStore } from '../../src/api/index.ts';
import { createCalendar, manualClock, seededRandom, silentLogger } from '../../src/base/index.ts';
import { openSqliteStore } from '../../src/serving/index.ts';
import type { JsonSchema } from './schema-text.ts';

interface Media {
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}

/** One operation of the document. */
export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security?: readonly { readonly key: readonly string[] }[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema: JsonSchema;
  }[];
  readonly requestBody?: Media & { readonly description?: string };
  readonly responses: Readonly<Record<string, Media & { readonly description: string }>>;
}

/** The parts of the OpenAPI document that its page shows. */
export interface OpenApiDocument {
  readonly info: { readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

/** The document that `/openapi.json` answers with, from an API over empty stores. */
export async function openApiDocument(): Promise<OpenApiDocument> {
  const clock = manualClock(0);
  const store = openSqliteStore({ path: ':memory:', clock, random: seededRandom(0) });
  const keys = openKeyStore({ path: ':memory:', clock });
  const server = await createApi({
    context: {
      store,
      keys,
      shop: { name: 'reference', currency: 'KRW', language: 'ko', calendar: createCalendar() },
      clock,
      log: silentLogger,
      version: packageFile.version,
      lists: new Map(),
      recommenders: { personal: [], related: [] },
      metrics: new Map(),
      explainLines: async () => [],
      checks: {},
    },
  });
  try {
    return (await server.inject('/openapi.json')).json();
  } finally {
    await server.close();
    keys.close();
    await store.close();
  }
}

/** The document as a file. */
export async function renderOpenApi(): Promise<string> {
  return `${JSON.stringify(await openApiDocument(), null, 2)}\n`;
}
