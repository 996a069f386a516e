import { readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Type, type Static, type TObject } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

/** What every build says of itself: what it was made from, and its files. */
export const builtIndex = {
  source: Type.String(),
  files: Type.Record(
    Type.String(),
    Type.Object({
      bytes: Type.Integer(),
      encodings: Type.Array(Type.Union([Type.Literal('br'), Type.Literal('gzip')])),
    }),
  ),
};

/** A built file in the best form that its reader takes. */
export interface BuiltFile {
  readonly content: Buffer;
  readonly type: string;
  readonly encoding: 'br' | 'gzip' | undefined;
}

/** A build as it is now. */
export interface Build<T extends TObject> {
  readonly index: Static<T>;
  /** Changes with every build. */
  readonly version: string;
}

/** A folder that a build script has made. */
export interface BuiltFiles<T extends TObject> {
  /** Undefined when nothing was built. */
  build(): Promise<Build<T> | undefined>;
  /** A file by its address, in the best form that the reader takes. */
  file(address: string, acceptEncoding: string): Promise<BuiltFile | undefined>;
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
  '.json': 'application/json; charset=utf-8',
};
const suffixes = { br: '.br', gzip: '.gz' } as const;

/**
 * Opens a folder of built files by its index. A build that takes its place while the server runs is served from then on.
 *
 * @param schema - `builtIndex` and what else stands in the index
 */
export function openBuiltFiles<T extends TObject>(
  folder: string,
  indexName: string,
  schema: T,
): BuiltFiles<T> {
  let known: Build<T> | undefined;
  const cache = new Map<string, Buffer>();
  const build = async (): Promise<Build<T> | undefined> => {
    const found = await stat(join(folder, indexName)).catch(() => undefined);
    if (found === undefined) return undefined;
    const version = `${found.ino}:${found.mtimeMs}`;
    if (known?.version === version) return known;
    const index = Value.Parse(schema, JSON.parse(await readFile(join(folder, indexName), 'utf8')));
    known = { version, index: index as Static<T> };
    cache.clear();
    return known;
  };
  return {
    build,
    file: async (address, acceptEncoding) => {
      // Only what the index names is read, so that no address leads out of the folder.
      const index = (known ?? (await build()))?.index as Static<TObject<typeof builtIndex>> | undefined;
      const described = index?.files;
      const entry =
        described !== undefined && Object.hasOwn(described, address) ? described[address] : undefined;
      if (entry === undefined) return undefined;
      const encoding = entry.encodings.find((one) => new RegExp(`\\b${one}\\b`).test(acceptEncoding));
      const path = address + (encoding === undefined ? '' : suffixes[encoding]);
      const content = cache.get(path) ?? (await readFile(join(folder, path)));
      cache.set(path, content);
      return { content, type: types[extname(address)] ?? 'application/octet-stream', encoding };
    },
  };
}
