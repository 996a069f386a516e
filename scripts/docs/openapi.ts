import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerModuleHook } from '../../src/cli/module-hook.ts';
import { openPlatform } from '../../src/cli/platform.ts';
import { startService } from '../../src/cli/service.ts';
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

let document: Promise<OpenApiDocument> | undefined;

/** The document that a service of the example project, whose stores are empty, answers with: every route is in it. */
export function openApiDocument(): Promise<OpenApiDocument> {
  return (document ??= askService());
}

async function askService(): Promise<OpenApiDocument> {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-reference-'));
  registerModuleHook();
  const platform = await openPlatform({
    projectDirectory: join(import.meta.dirname, '../../examples/bookstore'),
    dataDirectory: folder,
    environment: { OCTAVO_LOG_LEVEL: 'error' },
    workingDirectory: folder,
    json: true,
    own: true,
  });
  try {
    const service = await startService(platform, { host: '127.0.0.1', port: 0, command: 'docs' });
    try {
      return (await (await fetch(`${service.url}/openapi.json`)).json()) as OpenApiDocument;
    } finally {
      await service.close();
    }
  } finally {
    await platform.close();
    await rm(folder, { recursive: true });
  }
}

/** The document as a file. */
export async function renderOpenApi(): Promise<string> {
  const text = JSON.stringify(await openApiDocument(), null, 2);
  if (text.includes('"Default Response"')) throw new Error('an answer of the API has no description');
  return `${text}\n`;
}
