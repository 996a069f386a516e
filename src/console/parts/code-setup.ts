import {
  acceptCompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { Prec, StateEffect, StateField, type Extension } from '@codemirror/state';
import { Decoration, EditorView, keymap, lineNumbers, type DecorationSet } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** A stretch of a text, in letters from its beginning. */
export interface TextRange {
  readonly from: number;
  readonly to: number;
}

/** Marks a place in the text; undefined takes the mark away. */
export const markPlace = StateEffect.define<TextRange | undefined>();

const mark = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (marks, transaction) => {
    const given = transaction.effects.find((effect) => effect.is(markPlace));
    if (given === undefined) return transaction.docChanged ? Decoration.none : marks;
    const place = given.value;
    if (place === undefined) return Decoration.none;
    const line = transaction.state.doc.lineAt(place.from);
    const ranges = [Decoration.line({ class: 'code-wrong-line' }).range(line.from)];
    if (place.to > place.from)
      ranges.push(Decoration.mark({ class: 'code-wrong' }).range(place.from, place.to));
    return Decoration.set(ranges);
  },
  provide: (field) => EditorView.decorations.from(field),
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.propertyName], class: 'code-keyword' },
  { tag: [tags.string, tags.special(tags.string)], class: 'code-string' },
  { tag: [tags.number, tags.bool, tags.null], class: 'code-number' },
  { tag: tags.comment, class: 'code-comment' },
  { tag: [tags.typeName, tags.standard(tags.name)], class: 'code-type' },
]);

/** Everything of an editor that stays while it lives. */
export function codeSetup(options: {
  readonly label: string;
  readonly nonce: string | undefined;
  readonly language: Extension;
  readonly onRun: () => void;
  readonly onChange: (text: string) => void;
}): Extension {
  const { label, nonce, language, onRun, onChange } = options;
  return [
    ...(nonce === undefined ? [] : [EditorView.cspNonce.of(nonce)]),
    Prec.highest(keymap.of([{ key: 'Mod-Enter', run: () => (onRun(), true) }])),
    lineNumbers(),
    history(),
    bracketMatching(),
    closeBrackets(),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', autocapitalize: 'off' }),
    keymap.of([
      { key: 'Tab', run: acceptCompletion },
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...historyKeymap,
      ...defaultKeymap,
    ]),
    language,
    syntaxHighlighting(colours),
    mark,
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onChange(update.state.doc.toString());
    }),
  ];
}
