import { EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useImperativeHandle, useRef, type ReactNode, type Ref } from 'react';
import { codeSetup, markPlace, type TextRange } from './code-setup.ts';
import './code-editor.css';

/** What a screen may do with an editor. */
export interface CodeHandle {
  /** Replaces what is selected. */
  insert(text: string): void;
  /** Replaces the whole; the editor's own undo takes it back. */
  replace(text: string): void;
  /** Puts the cursor at the place that is given for the text as it stands. */
  goTo(place: (text: string) => TextRange): void;
}

/** An editor of code: colours, marks, undo; Ctrl Enter runs. */
export function CodeEditor({
  ref,
  label,
  text,
  language,
  wrong,
  onChange,
  onRun,
}: {
  readonly ref?: Ref<CodeHandle>;
  readonly label: string;
  /** What it begins with. */
  readonly text: string;
  /** Its grammar; that of the first drawing stays. */
  readonly language: () => Extension;
  /** Where the text is not right. */
  readonly wrong: ((text: string) => TextRange) | undefined;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
}): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useRef({ label, text, language, onChange, onRun });
  latest.current = { ...latest.current, onChange, onRun };
  useEffect(() => {
    const nonce = document.querySelector<HTMLElement>('meta[name=style-nonce]')?.nonce;
    const made = new EditorView({
      state: EditorState.create({
        doc: latest.current.text,
        extensions: codeSetup({
          label: latest.current.label,
          nonce: nonce === '' ? undefined : nonce,
          language: latest.current.language(),
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
      open.dispatch({ selection: { anchor: there(open.state.doc.toString()).from }, scrollIntoView: true });
      open.focus();
    },
  }));
  useEffect(() => {
    const open = view.current;
    open?.dispatch({ effects: markPlace.of(wrong?.(open.state.doc.toString())) });
  }, [wrong]);
  return <div className="code-editor" ref={place} />;
}
