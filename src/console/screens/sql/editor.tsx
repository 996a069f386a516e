import { useMemo, useRef, type ReactNode, type Ref } from 'react';
import type { QueryTables } from '../../../api/index.ts';
import { CodeEditor, type CodeHandle } from '../../parts/code-editor.tsx';
import { sqlLanguage } from './sql-language.ts';
import { wordAt, type Place } from './word-at.ts';

/** The SQL editor: completion from the schema, the wrong word marked. */
export function Editor({
  ref,
  label,
  text,
  tables,
  wrong,
  onChange,
  onRun,
}: {
  readonly ref: Ref<CodeHandle>;
  readonly label: string;
  /** What it begins with. */
  readonly text: string;
  readonly tables: QueryTables['tables'];
  /** Where the last statement is not valid. */
  readonly wrong: Place | undefined;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
}): ReactNode {
  const latest = useRef(tables);
  latest.current = tables;
  const marked = useMemo(() => wrong && ((sql: string) => wordAt(sql, wrong)), [wrong]);
  return (
    <CodeEditor
      ref={ref}
      label={label}
      text={text}
      language={() => sqlLanguage(() => latest.current)}
      wrong={marked}
      onChange={onChange}
      onRun={onRun}
    />
  );
}
