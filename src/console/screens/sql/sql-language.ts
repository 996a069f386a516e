import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { PostgreSQL, schemaCompletionSource, sql, type SQLNamespace } from '@codemirror/lang-sql';
import { type Extension } from '@codemirror/state';
import type { QueryTables } from '../../../api/index.ts';
import type { Language } from '../../i18n/messages.ts';
import { textIn } from '../../i18n/text-in.tsx';

type Table = QueryTables['tables'][number];

/** What makes an editor one of SQL: its grammar, and completion from the schema. */
export function sqlLanguage(tables: () => readonly Table[]): Extension {
  return [
    autocompletion({ icons: false, maxRenderedOptions: 12 }),
    sql({ dialect: PostgreSQL }),
    PostgreSQL.language.data.of({
      autocomplete: (context: CompletionContext) =>
        schemaCompletionSource({ dialect: PostgreSQL, schema: namespaceOf(tables()) })(context),
    }),
    PostgreSQL.language.data.of({ autocomplete: columnsOf(tables) }),
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
