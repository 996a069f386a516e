import { open } from 'node:fs/promises';
import { OctavoError } from '../../base/index.ts';

const headerBytesMax = 65_536;

/** The column names in the first line of a CSV file (RFC 4180 quoting); empty for an empty file. Errors: `source_invalid`. */
export async function readCsvHeader(path: string, delimiter: string): Promise<readonly string[]> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headerBytesMax), 0, headerBytesMax, 0);
    const names = firstRecord(
      buffer
        .subarray(0, bytesRead)
        .toString('utf8')
        .replace(/^\uFEFF/, ''),
      delimiter,
    );
    if (names === undefined && bytesRead === headerBytesMax) {
      throw new OctavoError(
        'source_invalid',
        `${path}:1: the header line is longer than ${headerBytesMax} bytes`,
      );
    }
    const given = names ?? [];
    const twice = given.find((name, index) => given.indexOf(name) !== index);
    if (twice !== undefined)
      throw new OctavoError('source_invalid', `${path}:1: column '${twice}' stands twice`);
    if (given.length > 1 && given.includes(''))
      throw new OctavoError('source_invalid', `${path}:1: a column has no name`);
    return given.length === 1 && given[0] === '' ? [] : given;
  } finally {
    await file.close();
  }
}

/** Undefined when the text ends inside a quoted name. */
function firstRecord(text: string, delimiter: string): readonly string[] | undefined {
  const names: string[] = [];
  let name = '';
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] as string;
    if (quoted) {
      if (letter !== '"') name += letter;
      else if (text[at + 1] === '"') name += text[++at];
      else quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === delimiter) {
      names.push(name);
      name = '';
    } else if (letter === '\n' || letter === '\r') return [...names, name];
    else name += letter;
  }
  return quoted ? undefined : [...names, name];
}
