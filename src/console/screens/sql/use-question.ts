import { getRouteApi } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { now } from '../../data/clock.ts';
import { useSession } from '../../data/session.tsx';
import { addPast, keepDraft, keptDraft, pastQueries, type PastQuery } from './drafts.ts';
import type { SqlSearch } from './route.ts';
import { useParameters, type ParameterFields, type Typed } from './use-parameters.ts';
import { useRun, type Run } from './use-run.ts';

const route = getRouteApi('/sql');
/** A longer question is kept on the device alone. */
const addressLettersMax = 4000;

/** What the reader writes and asks: kept on his device while he types, in the address when he asks. */
export function useQuestion(): {
  /** What the editor begins with. */
  readonly first: string;
  readonly past: readonly PastQuery[];
  readonly run: Run;
  /** The fields of the parameters that it names. */
  readonly fields: ParameterFields;
  readonly personal: boolean;
  readonly setPersonal: (shown: boolean) => void;
  readonly type: (text: string) => void;
  readonly ask: () => void;
  readonly stop: () => void;
  /** Before another text takes its place: what stood there goes to the history, so that nothing typed is lost. */
  readonly keepDraftBefore: (sql: string) => void;
} {
  const { state: session } = useSession();
  const person = session?.person?.name ?? 'guest';
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [first] = useState(() => search.q ?? keptDraft(person) ?? '');
  const draft = useRef(first);
  const [personal, setPersonal] = useState(false);
  // Another's address takes the place of what was being written, which is kept.
  const [past, setPast] = useState(() => keepOther(person, search.q));
  const fields = useParameters(person, first, typedIn(search));
  const { run, start, stop } = useRun((asked, { rows, seconds }) =>
    setPast(addPast(person, { sql: asked.sql, atMs: now(), rows: rows.length, seconds })),
  );
  return {
    first,
    past,
    run,
    fields,
    personal,
    setPersonal,
    stop,
    type: (text) => {
      draft.current = text;
      keepDraft(person, text);
      fields.read(text);
    },
    ask: () => {
      const sql = draft.current;
      if (sql.trim() === '') return;
      const ask = async (): Promise<void> => {
        const filled = await fields.valuesFor(sql);
        if (filled === undefined) return;
        const kept = sql.length <= addressLettersMax ? { q: sql } : {};
        void navigate({
          search: (before: SqlSearch) => ({
            ...withoutQuestion(before),
            ...kept,
            ...inAddress(filled.typed),
          }),
          replace: true,
        });
        start({ sql, personal, parameters: filled.values });
      };
      void ask();
    },
    keepDraftBefore: (sql) => {
      const before = draft.current.trim();
      const known = before === '' || past.some((one) => one.sql.trim() === before);
      if (!known && before !== sql.trim()) setPast(addPast(person, { sql: draft.current, atMs: now() }));
    },
  };
}

const prefix = 'p.';

function typedIn(search: SqlSearch): Typed {
  const values = Object.entries(search as Typed).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(values.map(([name, value]) => [name.slice(prefix.length), value]));
}

function inAddress(typed: Typed): SqlSearch {
  return Object.fromEntries(Object.entries(typed).map(([name, text]) => [prefix + name, text]));
}

function withoutQuestion(search: SqlSearch): SqlSearch {
  const rest = Object.entries(search).filter(([name]) => name !== 'q' && !name.startsWith(prefix));
  return Object.fromEntries(rest);
}

function keepOther(person: string, shown: string | undefined): readonly PastQuery[] {
  const [past, draft] = [pastQueries(person), keptDraft(person)?.trim() ?? ''];
  const known = draft === '' || past.some((one) => one.sql.trim() === draft);
  return known || shown === undefined || shown.trim() === draft
    ? past
    : addPast(person, { sql: draft, atMs: now() });
}
