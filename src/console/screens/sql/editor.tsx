import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useImperativeHandle, useRef, type ReactNode, type Ref } from 'react';
import type { QueryTables } from '../../../api/index.ts';
import { editorSetup, markPlace } from './editor-setup.ts';
import './editor.css';

/** What the screen may do with the editor. */
export interface EditorHandle {
  /** Replaces what is selected. */
  insert(text: string): void;
  replace(text: string): void;
  /** Puts the cursor there; both begin with 1. */
  goTo(place: { readonly line: number; readonly column: number }): void;
}

/** The SQL editor: colours, completion from the schema, Ctrl Enter runs. */
export function Editor({
  ref,
  label,
  text,
  tables,
  wrong,
  onChange,
  onRun,
}: {
  readonly ref: Ref<EditorHandle>;
  readonly label: string;
  /** What it begins with. */
  readonly text: string;
  readonly tables: QueryTables['tables'];
  /** Where the last statement is not valid. */
  readonly wrong: { readonly line: number; readonly column: number } | undefined;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
}): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useRef({ label, text, tables, onChange, onRun });
  latest.current = { ...latest.current, tables, onChange, onRun };
  useEffect(() => {
    const nonce = document.querySelector<HTMLElement>('meta[name=style-nonce]')?.nonce;
    const made = new EditorView({
      state: EditorState.create({
        doc: latest.current.text,
        extensions: editorSetup({
          label: latest.current.label,
          nonce: nonce === '' ? undefined : nonce,
          tables: () => latest.current.tables,
          onRun: () => latest.current.onRun(),
          onChange: (changed) => {
            latest.current.text = changed;
            latest.current.onChange(changed);
          },
        }),
      }),
      ...(place.current === null ? {} : { parent: place.current }),
    });
    view.current = made;
    return () => made.destroy();
  }, []);
  useImperativeHandle(ref, () => ({
    insert: (inserted) => {
      const open = view.current;
      open?.dispatch(open.state.replaceSelection(inserted));
      open?.focus();
    },
    replace: (whole) => {
      const open = view.current;
      open?.dispatch({
        changes: { from: 0, to: open.state.doc.length, insert: whole },
        selection: { anchor: whole.length },
      });
      open?.focus();
    },
    goTo: (there) => {
      const open = view.current;
      if (open === undefined) return;
      open.dispatch({ selection: { anchor: rangeAt(open.state, there).from }, scrollIntoView: true });
      open.focus();
    },
  }));
  useEffect(() => {
    const open = view.current;
    open?.dispatch({
      effects: markPlace.of(wrong === undefined ? undefined : rangeAt(open.state, wrong)),
    });
  }, [wrong]);
  return <div className="sql-editor" ref={place} />;
}

/** The word at a place. */
function rangeAt(
  state: EditorState,
  { line, column }: { readonly line: number; readonly column: number },
): { readonly from: number; readonly to: number } {
  const { from: start, to: end, text } = state.doc.line(Math.min(Math.max(1, line), state.doc.lines));
  const from = Math.min(start + column - 1, end);
  const word = /^(?:[\p{L}\p{N}_]+|\S)/u.exec(text.slice(from - start))?.[0] ?? '';
  return { from, to: from + word.length };
}
