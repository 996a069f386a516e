/** Where a text stops being JSON. */
export interface JsonError {
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  /** From 0, in bytes of UTF-8. */
  readonly byte: number;
  readonly reason: string;
}

/** The first place at which a text breaks the grammar of JSON; undefined when it is JSON. */
export function findJsonError(text: string): JsonError | undefined {
  const state: State = { text, at: 0 };
  const reason = scan(state);
  if (reason === undefined) return undefined;
  const before = text.slice(0, state.at);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  return { line, column: state.at - lineStart + 1, byte: Buffer.byteLength(before), reason };
}

interface State {
  readonly text: string;
  at: number;
}

/** Walks over the values with a stack of open brackets, so that no depth of nesting can end it. */
function scan(state: State): string | undefined {
  const { text } = state;
  const open: string[] = [];
  let expect: 'value' | 'value or ]' | 'name or }' | 'name' | 'end' = 'value';
  for (;;) {
    skipSpace(state);
    const letter = text[state.at];
    if (expect === 'end') {
      const inside = open.at(-1);
      if (inside === undefined) return letter === undefined ? undefined : `'${letter}' after the end`;
      const close = inside === '[' ? ']' : '}';
      if (letter === ',') expect = inside === '[' ? 'value' : 'name';
      else if (letter === close) open.pop();
      else return unexpected(letter, `',' or '${close}'`);
      state.at++;
    } else if (expect === 'name' || expect === 'name or }') {
      if (letter === '}' && expect === 'name or }') {
        open.pop();
        state.at++;
        expect = 'end';
        continue;
      }
      if (letter !== '"') return unexpected(letter, 'a name in quotes');
      const wrong = scanString(state);
      if (wrong !== undefined) return wrong;
      skipSpace(state);
      if (text[state.at] !== ':') return unexpected(text[state.at], "':'");
      state.at++;
      expect = 'value';
    } else if (letter === ']' && expect === 'value or ]') {
      open.pop();
      state.at++;
      expect = 'end';
    } else if (letter === '{' || letter === '[') {
      open.push(letter);
      state.at++;
      expect = letter === '{' ? 'name or }' : 'value or ]';
    } else {
      const wrong = letter === '"' ? scanString(state) : scanWord(state);
      if (wrong !== undefined) return wrong;
      expect = 'end';
    }
  }
}

const space = /[ \t\n\r]*/y;
const word = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
// From the space on, all but quote and backslash. One run at a time: a long string must not become a deep match.
const plain = /[ !#-[\]-\uffff]*/y;
const escape = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

function skipSpace(state: State): void {
  space.lastIndex = state.at;
  space.test(state.text);
  state.at = space.lastIndex;
}

function scanWord(state: State): string | undefined {
  word.lastIndex = state.at;
  if (!word.test(state.text)) return unexpected(state.text[state.at], 'a value');
  state.at = word.lastIndex;
  return undefined;
}

function scanString(state: State): string | undefined {
  state.at++;
  for (;;) {
    plain.lastIndex = state.at;
    plain.test(state.text);
    state.at = plain.lastIndex;
    const letter = state.text[state.at];
    if (letter === '"') {
      state.at++;
      return undefined;
    }
    if (letter !== '\\') return unexpected(letter, 'the end of the string');
    escape.lastIndex = state.at;
    if (!escape.test(state.text)) return 'an escape that JSON does not have';
    state.at = escape.lastIndex;
  }
}

function unexpected(letter: string | undefined, wanted: string): string {
  return letter === undefined
    ? `the text ends where ${wanted} should be`
    : `${JSON.stringify(letter)} where ${wanted} should be`;
}
