import { fromMarkdown } from 'mdast-util-from-markdown';
import type { Inline, TextNode } from './page.ts';

/** A fenced block: the words behind the backticks, and its text with the line it begins on. */
export interface FencedBlock {
  readonly type: 'fenced';
  readonly words: readonly string[];
  readonly text: string;
  /** Line of the backticks. */
  readonly line: number;
}

/** A part of the file, in order. A comment such as `<!-- ko -->` is the language of what follows. */
export type MarkdownPart =
  | FencedBlock
  | { readonly type: 'text'; readonly node: TextNode; readonly line: number }
  | { readonly type: 'comment'; readonly text: string; readonly line: number };

type Root = ReturnType<typeof fromMarkdown>;
type Block = Root['children'][number];
type Phrase = Extract<Block, { type: 'paragraph' }>['children'][number];

/** Turns `{{ … }}` inside of a text into a value's id. */
export type NameValue = (expression: string, line: number) => string;

/** Stand around the number of a value: letters to Markdown, so that `**{{ sales }}**입니다` is bold. */
const [before, after] = ['\ue000', '\ue001'];
const numbered = new RegExp(`${before}(\\d+)${after}`);

/**
 * Parses Markdown into the parts that a page is made of. Raw HTML, images and tables are no parts of a
 * page: they stay as the text they are, so that a page can never bring markup into the console.
 */
export function parseMarkdown(
  written: string,
  lineOffset: number,
  nameValue: NameValue,
): readonly MarkdownPart[] {
  const values: string[] = [];
  const text = written.replace(/\{\{[^{}\n]*\}\}/g, (value) => `${before}${values.push(value) - 1}${after}`);
  const restore = (part: string): string =>
    part.replace(new RegExp(numbered, 'g'), (_all, index: string) => values[Number(index)] ?? '');
  return fromMarkdown(text).children.flatMap((node): readonly MarkdownPart[] => {
    const line = (node.position?.start.line ?? 1) + lineOffset;
    if (node.type === 'code') {
      const words = `${node.lang ?? ''} ${node.meta ?? ''}`.split(/\s+/).filter((word) => word !== '');
      return [{ type: 'fenced', words, text: restore(node.value), line }];
    }
    const comment = node.type === 'html' ? /^<!--([\s\S]*?)-->$/.exec(node.value.trim())?.[1] : undefined;
    if (comment !== undefined) return [{ type: 'comment', text: comment.trim(), line }];
    const place = { text, line, nameValue, restore };
    return blockNodes(node, place).map((each) => ({ type: 'text', node: each, line }));
  });
}

interface Place {
  readonly text: string;
  readonly line: number;
  readonly nameValue: NameValue;
  /** Puts values back as they were written. */
  readonly restore: (part: string) => string;
}

function blockNodes(node: Block, place: Place): readonly TextNode[] {
  if (node.type === 'heading')
    return [{ type: 'heading', depth: node.depth, children: inlines(node.children, place) }];
  if (node.type === 'paragraph') return [{ type: 'paragraph', children: inlines(node.children, place) }];
  if (node.type === 'blockquote')
    return [{ type: 'quote', children: node.children.flatMap((child) => blockNodes(child, place)) }];
  if (node.type === 'list') {
    const items = node.children.map((item) => item.children.flatMap((child) => blockNodes(child, place)));
    return [{ type: 'list', ordered: node.ordered === true, items }];
  }
  if (node.type === 'thematicBreak' || node.type === 'definition') return [];
  return [{ type: 'paragraph', children: withValues(sourceOf(node, place), place) }];
}

function inlines(nodes: readonly Phrase[], place: Place): readonly Inline[] {
  return nodes.flatMap((node): readonly Inline[] => {
    if (node.type === 'text') return withValues(node.value, place);
    if (node.type === 'inlineCode') return [{ type: 'code', text: place.restore(node.value) }];
    if (node.type === 'strong' || node.type === 'emphasis')
      return [{ type: node.type, children: inlines(node.children, place) }];
    if (node.type === 'link')
      return [{ type: 'link', url: node.url, children: inlines(node.children, place) }];
    if (node.type === 'break') return [{ type: 'break' }];
    return [{ type: 'text', text: place.restore(sourceOf(node, place)) }];
  });
}

function withValues(text: string, { line, nameValue, restore }: Place): readonly Inline[] {
  return text.split(new RegExp(`(${before}\\d+${after})`)).flatMap((part): readonly Inline[] => {
    if (part === '') return [];
    if (!numbered.test(part)) return [{ type: 'text', text: part }];
    return [{ type: 'value', id: nameValue(restore(part).slice(2, -2).trim(), line) }];
  });
}

function sourceOf(node: { readonly position?: Block['position'] }, { text }: Place): string {
  const [start, end] = [node.position?.start.offset ?? 0, node.position?.end.offset ?? 0];
  return text.slice(start, end);
}
