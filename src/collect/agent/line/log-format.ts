import { OctavoError } from '../../../base/index.ts';

/** How nginx writes values: `\x22` for a quote, as in a JSON string, or as they are. */
export type Escape = 'default' | 'json' | 'none';

/** What a log is written by. */
export interface LogFormat {
  /** Text and `$variables`. */
  readonly text: string;
  readonly escape: Escape;
}

/**
 * Reads a log format as it stands in nginx.conf (`log_format main escape=json '…' '…';`, also without its first words, over several
 * lines), or the text of one alone. Errors: `ship_config_invalid`.
 */
export function readLogFormat(given: string): LogFormat {
  const trimmed = given.trim();
  const directive = /^log_format\s+/.exec(trimmed)?.[0];
  if (directive === undefined && !looksQuoted(trimmed))
    return { text: given.replace(/[\r\n]+$/, ''), escape: 'default' };
  const words = wordsOf(trimmed.slice(directive?.length ?? 0));
  const named = directive !== undefined || (words[0]?.quoted === false && !isParameter(words[0].text));
  const rest = named ? words.slice(1) : words;
  const parameter = rest[0]?.quoted === false && isParameter(rest[0].text) ? rest[0].text : undefined;
  const texts = parameter === undefined ? rest : rest.slice(1);
  const escape = parameter?.slice('escape='.length) ?? 'default';
  if (escape !== 'default' && escape !== 'json' && escape !== 'none')
    throw new OctavoError(
      'ship_config_invalid',
      `the log_format has escape=${escape}; there are default, json, none`,
    );
  if (texts.length === 0)
    throw new OctavoError('ship_config_invalid', `the log_format has a name and no text: ${shown(trimmed)}`);
  return { text: texts.map(({ text }) => text).join(''), escape };
}

/** Whether a text is strings of nginx.conf: `'…' '…';`, `escape=json '…'`, `main '…';`. */
function looksQuoted(text: string): boolean {
  if (/^escape=\w+\s+\S/.test(text)) return true;
  if (/^'(?:[^'\\]|\\.)*'(?:(?:\s|#[^\n]*\n)*'(?:[^'\\]|\\.)*')*\s*;?$/s.test(text)) return true;
  if (/^"(?:[^"\\]|\\.)*"\s*;?$/s.test(text)) return text.split('$').length > 2;
  return /^(?:\w+\s+)?(?:escape=\w+\s+)?["'].*["']\s*;$/s.test(text);
}

function isParameter(text: string): boolean {
  return text.startsWith('escape=');
}

interface Word {
  readonly text: string;
  readonly quoted: boolean;
}

/** The words of a directive up to its semicolon, as nginx reads them. */
function wordsOf(text: string): readonly Word[] {
  const words: Word[] = [];
  let at = 0;
  while (at < text.length) {
    const letter = text[at] ?? '';
    if (/\s/.test(letter)) at += 1;
    else if (letter === '#') at = lineEnd(text, at);
    else if (letter === ';') {
      const rest = text
        .slice(at + 1)
        .replaceAll(/#.*/g, '')
        .trim();
      if (rest === '' || rest === '}') return words;
      throw new OctavoError(
        'ship_config_invalid',
        `after the log_format stands ${shown(rest)}; give one log_format`,
      );
    } else {
      const quoted = letter === '"' || letter === "'";
      const end = wordEnd(text, quoted ? at + 1 : at, quoted ? letter : undefined);
      if (quoted && end >= text.length)
        throw new OctavoError('ship_config_invalid', `the quote of ${shown(text.slice(at))} is not closed`);
      words.push({ text: unescaped(text.slice(quoted ? at + 1 : at, end)), quoted });
      at = quoted ? end + 1 : end;
    }
  }
  return words;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

function wordEnd(text: string, from: number, quote: string | undefined): number {
  let at = from;
  while (at < text.length) {
    const letter = text[at] ?? '';
    if (quote === undefined ? /[\s;]/.test(letter) : letter === quote) break;
    at += letter === '\\' ? 2 : 1;
  }
  return at;
}

/** Other backslashes stand for themselves. */
function unescaped(text: string): string {
  return text.replaceAll(/\\(["'\\trn])/g, (_all, letter: string) => letters[letter] ?? letter);
}

const letters: Readonly<Record<string, string>> = { t: '\t', r: '\r', n: '\n' };

function shown(text: string): string {
  return `'${text.length > shownMax ? `${text.slice(0, shownMax)}…` : text}'`;
}

const shownMax = 60;
