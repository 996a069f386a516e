import { join } from 'node:path';
import { OctavoError, type ErrorCode, type Storage } from '../base/index.ts';

/**
 * Everything that the YAML files of one of a project's folders declare. Errors: those of `parse`, and the given code with file and
 * line for an id that two declare.
 */
export async function readYamlFolder<T extends { readonly id: string }>(
  root: string,
  folder: string,
  options: {
    readonly storage: Storage;
    readonly code: ErrorCode;
    readonly parse: (text: string, file: string) => readonly T[];
  },
): Promise<readonly T[]> {
  const { storage, code, parse } = options;
  const declared = new Map<string, { readonly one: T; readonly file: string }>();
  for (const { name, directory } of await storage.list(join(root, folder))) {
    if (directory || !/\.ya?ml$/.test(name)) continue;
    const file = `${folder}/${name}`;
    const text = (await storage.read(join(root, folder, name))).toString('utf8');
    for (const one of parse(text, file)) {
      const other = declared.get(one.id);
      if (other !== undefined) {
        const line = lastLineOf(text, one.id);
        const about = `${file}:${line}: '${one.id}' is the id of one of ${other.file} too`;
        throw new OctavoError(code, about, { details: { file, line } });
      }
      declared.set(one.id, { one, file });
    }
  }
  return [...declared.values()].map(({ one }) => one);
}

/** The last line that says `id: <id>`; ids are letters, digits and hyphens. */
function lastLineOf(text: string, id: string): number {
  const says = new RegExp(`['"]?id['"]?\\s*:\\s*['"]?${id}(?![\\w-])`);
  return text.split('\n').findLastIndex((line) => says.test(line)) + 1;
}
