import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { PostgreSQL, schemaCompletionSource, sql, type SQLNamespace } from '@codemirror/lang-sql';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { Prec, StateEffect, StateField, type Extension } from '@codemirror/state';
import { Decoration, EditorView, keymap, lineNumbers, type DecorationSet } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { QueryTables } from '../../../api/index.ts';
import type { Language } from '../../i18n/messages.ts';
import { textIn } from '../../i18n/text-in.tsx';

type Table = QueryTables['tables'][number];

/** Marks a place in the text; undefined takes the mark away. */
export const markPlace = StateEffect.define<{ readonly from: number; readonly to: number } | undefined>();

const mark = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (marks, transaction) => {
    const given = transaction.effects.find((effect) => effect.is(markPlace));
    if (given === undefined) return transaction.docChanged ? Decoration.none : marks;
    const place = given.value;
    if (place === undefined) return Decoration.none;
    const line = transaction.state.doc.lineAt(place.from);
    const ranges = [Decoration.line({ class: 'sql-wrong-line' }).range(line.from)];
    if (place.to > place.from)
      ranges.push(Decoration.mark({ class: 'sql-wrong' }).range(place.from, place.to));
    return Decoration.set(ranges);
  },
  provide: (field) => EditorView.decorations.from(field),
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, class: 'sql-keyword' },
  { tag: [tags.string, tags.special(tags.string)], class: 'sql-string' },
  { tag: [tags.number, tags.bool, tags.null], class: 'sql-number' },
  { tag: tags.comment, class: 'sql-comment' },
  { tag: [tags.typeName, tags.standard(tags.name)], class: 'sql-type' },
]);

/** Everything of the editor that stays while it lives. */
export function editorSetup(options: {
  readonly label: string;
  readonly nonce: string | undefined;
  readonly tables: () => readonly Table[];
  readonly onRun: () => void;
  readonly onChange: (text: string) => void;
}): Extension {
  const { label, nonce, tables, onRun, onChange } = options;
  return [
    ...(nonce === undefined ? [] : [EditorView.cspNonce.of(nonce)]),
    Prec.highest(keymap.of([{ key: 'Mod-Enter', run: () => (onRun(), true) }])),
    lineNumbers(),
    history(),
    bracketMatching(),
    closeBrackets(),
    autocompletion({ icons: false, maxRenderedOptions: 12 }),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', autocapitalize: 'off' }),
    keymap.of([
      { key: 'Tab', run: acceptCompletion },
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...historyKeymap,
      ...defaultKeymap,
    ]),
    sql({ dialect: PostgreSQL }),
    PostgreSQL.language.data.of({
      autocomplete: (context: CompletionContext) =>
        schemaCompletionSource({ dialect: PostgreSQL, schema: namespaceOf(tables()) })(context),
    }),
    PostgreSQL.language.data.of({ autocomplete: columnsOf(tables) }),
    syntaxHighlighting(colours),
    mark,
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onChange(update.state.doc.toString());
    }),
  ];
}

/** The language of the page: completions are made anew each time. */
function languageNow(): Language {
  return document.documentElement.lang === 'ko' ? 'ko' : 'en';
}

/** Tables by their namespace, and by their short names. */
function namespaceOf(tables: readonly Table[]): SQLNamespace {
  const spaces: Record<string, Record<string, SQLNamespace>> = {};
  const short: Record<string, SQLNamespace> = {};
  for (const { table, columns } of tables) {
    const [space = '', name = ''] = table.split('.');
    const inner = columns.map(({ column, type, documentation }) => ({
      label: column,
      detail: type,
      type: 'property',
      ...(documentation === '' ? {} : { info: textIn(languageNow(), documentation) }),
    }));
    (spaces[space] ??= {})[name] = inner;
    short[name] ??= inner;
  }
  return { ...short, ...spaces };
}

/** Columns of the tables that the text names, wherever one may stand. */
function columnsOf(tables: () => readonly Table[]): (context: CompletionContext) => CompletionResult | null {
  return (context) => {
    const word = context.matchBefore(/(?<![.\w'])[a-z_]\w*/i);
    if (word === null && !context.explicit) return null;
    const names = new Set(context.state.doc.toString().toLowerCase().match(/\w+/g));
    const named = tables().filter(({ table }) => names.has((table.split('.')[1] ?? '').toLowerCase()));
    const known = new Map(
      named.flatMap(({ table, columns }) =>
        columns.map(({ column, type, documentation }) => [
          column,
          {
            label: column,
            detail: `${type} · ${table}`,
            type: 'property',
            boost: 1,
            ...(documentation === '' ? {} : { info: textIn(languageNow(), documentation) }),
          },
        ]),
      ),
    );
    return known.size === 0 ? null : { from: word?.from ?? context.pos, options: [...known.values()] };
  };
}
