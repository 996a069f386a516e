/**
 * What Apache and nginx write for letters that would break a line: `\xEB\x8F\x99` for bytes, `\"`, `\\`, `\n`, `\t`.
 * Bytes beside each other are read as UTF-8.
 */
export function unescapeLog(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replaceAll(
    /((?:\\x[0-9A-Fa-f]{2})+)|\\(["\\/nrtbf])/g,
    (_all, bytes?: string, letter?: string) =>
      bytes === undefined
        ? (letters[letter ?? ''] ?? letter ?? '')
        : Buffer.from(bytes.replaceAll(String.raw`\x`, ''), 'hex').toString('utf8'),
  );
}

const letters: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** What stands in quotes in logfmt: as Go writes it, and as nginx does, whose bytes of a letter are told one by one. */
export function unescapeLogfmt(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replaceAll(
    /((?:\\x[0-9A-Fa-f]{2})+)|((?:\\u[0-9A-Fa-f]{4})+)|\\(.)/g,
    (_all, bytes?: string, units?: string, letter = '') =>
      bytes !== undefined
        ? unescapeLog(bytes)
        : units !== undefined
          ? unescapeJson(units)
          : (letters[letter as string] ?? (letter as string)),
  );
}

/** What stands in a JSON string, as nginx writes it with `escape=json`. */
export function unescapeJson(text: string): string {
  if (!text.includes('\\')) return text;
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}
