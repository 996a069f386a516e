/** What a generated cover looks like: it follows from title and author alone. */
export interface CoverDesign {
  readonly template: 'frame' | 'horizon' | 'spine' | 'waves' | 'band';
  readonly hue: string;
  readonly paper: string;
  readonly disc: string;
  /** The title's lines, `size` high in units of a 60 × 90 cover. */
  readonly lines: readonly string[];
  readonly size: number;
  /** A few stable numbers from 0 to 15 for ornaments. */
  readonly grain: readonly number[];
}

const hues = [
  '#2f5d62',
  '#8c3b2a',
  '#37456b',
  '#6a5a2f',
  '#5b3a5e',
  '#40603a',
  '#7a4a30',
  '#2c4a3e',
] as const;
const papers = ['#efe6d2', '#f3ead9', '#e6e0d0', '#f0e9df'] as const;
const templates = ['frame', 'horizon', 'spine', 'waves', 'band'] as const;

/** Room for the title by template, in cover units. */
const room = { frame: 44, horizon: 48, spine: 41, waves: 48, band: 52 } as const;
const linesMax = { frame: 5, horizon: 3, spine: 5, waves: 3, band: 3 } as const;
const sizeMax = 9;
const sizeMin = 5;

/** Designs a cover. */
export function designCover(title: string): CoverDesign {
  const hash = hashOf(title);
  const template = templates[(hash >>> 5) % templates.length] ?? 'frame';
  const { lines, size } = setTitle(title, room[template], linesMax[template]);
  return {
    template,
    hue: hues[hash % hues.length] ?? hues[0],
    paper: papers[(hash >>> 3) % papers.length] ?? papers[0],
    disc: papers[(hash >>> 7) % papers.length] ?? papers[0],
    lines,
    size,
    grain: Array.from({ length: 5 }, (_, index) => (hash >>> (index * 4 + 2)) & 15),
  };
}

/** FNV-1a over code points, then mixed, so that near titles get far covers. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Breaks a title into lines and finds the largest size at which all of it fits. */
function setTitle(
  title: string,
  width: number,
  countMax: number,
): { readonly lines: readonly string[]; readonly size: number } {
  for (let size = sizeMax; size >= sizeMin; size -= 0.5) {
    const lines = breakLines(title, width / size);
    if (lines.length <= countMax && lines.every((line) => widthOf(line) <= width / size))
      return { lines, size };
  }
  const lines = breakLines(title, width / sizeMin, true);
  if (lines.length <= countMax) return { lines, size: sizeMin };
  const kept = lines.slice(0, countMax);
  return { lines: [...kept.slice(0, -1), `${(kept.at(-1) ?? '').slice(0, -1)}…`], size: sizeMin };
}

function breakLines(title: string, ems: number, anywhere = false): readonly string[] {
  const lines: string[] = [];
  for (const word of title.trim().split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(`${last} ${word}`) <= ems) lines[lines.length - 1] = `${last} ${word}`;
    else if (!anywhere || widthOf(word) <= ems) lines.push(word);
    else lines.push(...chop(word, ems));
  }
  return lines;
}

function chop(word: string, ems: number): readonly string[] {
  const pieces: string[] = [''];
  for (const letter of word) {
    if (widthOf((pieces.at(-1) ?? '') + letter) > ems) pieces.push('');
    pieces[pieces.length - 1] += letter;
  }
  return pieces;
}

/** About how wide a text is, in ems. */
function widthOf(text: string): number {
  let ems = 0;
  for (const letter of text)
    ems +=
      letter > 'ᄀ'
        ? 0.95
        : /[mwMW]/.test(letter)
          ? 0.86
          : /[A-Z]/.test(letter)
            ? 0.7
            : /[ .,:;'!ijlt]/.test(letter)
              ? 0.32
              : 0.56;
  return ems;
}
