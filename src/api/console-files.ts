import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from '@sinclair/typebox';
import { builtIndex, openBuiltFiles, type BuiltFile } from './built-files.ts';

/** What `scripts/build-console.ts` says of what it built. */
const consoleIndex = Type.Object({
  ...builtIndex,
  sections: Type.Record(Type.String(), Type.Array(Type.Array(Type.String()))),
  scriptHash: Type.String(),
});

/** The built console in a folder. */
export interface ConsoleFiles {
  /** The page, without its nonce; undefined when the console was not built. */
  page(): Promise<ConsolePage | undefined>;
  /** A file by its address, in the best form that the reader takes. */
  file(address: string, acceptEncoding: string): Promise<BuiltFile | undefined>;
}

export interface ConsolePage {
  readonly html: string;
  readonly scriptHash: string;
  /** Files of the screen at an address whose code comes with the page; undefined where there is no screen. */
  filesAt(path: string): readonly string[] | undefined;
}

/** Opens a built console. A build that takes its place while the server runs is served from then on. */
export function openConsoleFiles(folder: string): ConsoleFiles {
  const files = openBuiltFiles(folder, 'console.json', consoleIndex);
  let known: { readonly version: string; readonly html: string } | undefined;
  return {
    page: async () => {
      const built = await files.build();
      if (built === undefined) return undefined;
      const { version, index } = built;
      if (known?.version !== version)
        known = { version, html: await readFile(join(folder, 'index.html'), 'utf8') };
      const { scriptHash, sections } = index;
      const filesAt = (address: string): readonly string[] | undefined => {
        const parts = address.split('/').slice(1);
        const [section = ''] = parts;
        if (!Object.hasOwn(sections, section)) return undefined;
        const screens = sections[section] ?? [];
        return screens[Math.min(parts.length, screens.length) - 1] ?? [];
      };
      return { html: known.html, scriptHash, filesAt };
    },
    file: async (address, acceptEncoding) =>
      address === '/index.html' ? undefined : files.file(address, acceptEncoding),
  };
}
