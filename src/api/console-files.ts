import { readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Type, type Static } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

/** What `scripts/build-console.ts` says of what it built. */
const ConsoleIndex = Type.Object({
  source: Type.String(),
  sections: Type.Array(Type.String()),
  scriptHash: Type.String(),
  files: Type.Record(
    Type.String(),
    Type.Object({
      bytes: Type.Integer(),
      encodings: Type.Array(Type.Union([Type.Literal('br'), Type.Literal('gzip')])),
    }),
  ),
});

/** The built console in a folder. */
export interface ConsoleFiles {
  /** The page, without its nonce; undefined when the console was not built. */
  page(): Promise<ConsolePage | undefined>;
  /** A file by its address, in the best form that the reader takes. */
  file(address: string, acceptEncoding: string): Promise<ConsoleFile | undefined>;
}

export interface ConsolePage {
  readonly html: string;
  readonly scriptHash: string;
  readonly sections: ReadonlySet<string>;
}

export interface ConsoleFile {
  readonly content: Buffer;
  readonly type: string;
  readonly encoding: 'br' | 'gzip' | undefined;
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
const indexName = 'console.json';

/** Opens a built console. A build that takes its place while the server runs is served from then on. */
export function openConsoleFiles(folder: string): ConsoleFiles {
  let known:
    | { readonly version: string; readonly index: Static<typeof ConsoleIndex>; readonly html: string }
    | undefined;
  const cache = new Map<string, Buffer>();
  const load = async (): Promise<typeof known> => {
    const found = await stat(join(folder, indexName)).catch(() => undefined);
    if (found === undefined) return undefined;
    const version = `${found.ino}:${found.mtimeMs}`;
    if (known?.version === version) return known;
    const index = Value.Parse(ConsoleIndex, JSON.parse(await readFile(join(folder, indexName), 'utf8')));
    known = { version, index, html: await readFile(join(folder, 'index.html'), 'utf8') };
    cache.clear();
    return known;
  };
  return {
    page: async () => {
      const built = await load();
      if (built === undefined) return undefined;
      const { scriptHash, sections } = built.index;
      return { html: built.html, scriptHash, sections: new Set(sections) };
    },
    file: async (address, acceptEncoding) => {
      // Only what the index names is read, so that no address leads out of the folder.
      const described = (known ?? (await load()))?.index.files;
      const entry =
        described !== undefined && Object.hasOwn(described, address) ? described[address] : undefined;
      if (entry === undefined || address === '/index.html') return undefined;
      const encoding = entry.encodings.find((one) => new RegExp(`\\b${one}\\b`).test(acceptEncoding));
      const path = address + (encoding === undefined ? '' : suffixes[encoding]);
      const content = cache.get(path) ?? (await readFile(join(folder, path)));
      cache.set(path, content);
      return { content, type: types[extname(address)] ?? 'application/octet-stream', encoding };
    },
  };
}
