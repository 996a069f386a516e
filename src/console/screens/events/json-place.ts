import { jsonLanguage } from '@codemirror/lang-json';
import type { TextRange } from '../../parts/code-setup.ts';

type Node = ReturnType<typeof jsonLanguage.parser.parse>['topNode'];

/** Where a JSON text is no JSON; undefined when it is. */
export function syntaxPlace(text: string): TextRange | undefined {
  let found: TextRange | undefined;
  jsonLanguage.parser.parse(text).iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) found ??= visible(text, from, to);
      return found === undefined;
    },
  });
  return found;
}

/** Where a JSON pointer leads to in a text; what is not there is looked for where it should be. */
export function pointerPlace(text: string, pointer: string): TextRange {
  const parts = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  let at: Node | null = jsonLanguage.parser.parse(text).topNode.firstChild;
  for (const part of parts) {
    const inner: Node | undefined = at === null ? undefined : childOf(at, part, text);
    if (inner === undefined) break;
    at = inner;
  }
  if (at === null) return visible(text, 0, 0);
  // Of what holds others its beginning is enough.
  const holds = at.name === 'Object' || at.name === 'Array';
  return { from: at.from, to: holds ? at.from + 1 : at.to };
}

function childOf(node: Node, part: string, text: string): Node | undefined {
  if (node.name === 'Array') {
    const items = childrenOf(node).filter(({ name }) => !/^[[\],]$/.test(name));
    return items[Number(part)];
  }
  if (node.name !== 'Object') return undefined;
  const property = node.getChildren('Property').findLast((one) => {
    const name = one.getChild('PropertyName');
    return name !== null && nameOf(text.slice(name.from, name.to)) === part;
  });
  return property?.lastChild ?? undefined;
}

function childrenOf(node: Node): readonly Node[] {
  const children: Node[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}

function nameOf(quoted: string): unknown {
  try {
    return JSON.parse(quoted);
  } catch {
    return undefined;
  }
}

/** At least one letter, the last one at the end of the text. */
function visible(text: string, from: number, to: number): TextRange {
  const start = Math.max(0, Math.min(from, text.length - 1));
  return { from: start, to: Math.min(text.length, Math.max(to, start + 1)) };
}
