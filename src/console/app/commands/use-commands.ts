import { useMemo, useState } from 'react';
import { useText } from '../../i18n/language.tsx';
import { matches, type FoundCommand } from './command.ts';
import { messages } from './messages.ts';
import { recent } from './recent.ts';
import { useActions } from './use-actions.ts';
import { useReader, useTitles } from './use-found.ts';
import { useLists } from './use-lists.ts';
import { usePages } from './use-pages.ts';
import { useScreens } from './use-screens.ts';
import { useTables } from './use-tables.ts';
import { useTasks } from './use-tasks.ts';

/** Tables and tasks are many: the first so many of each are shown. */
const shownMax = 8;

/** What the text finds, in groups; a new kind of thing to be found is one more hook here. */
export function useCommands(text: string): readonly FoundCommand[] {
  const say = useText(messages);
  const [before] = useState(recent);
  const screens = useScreens();
  const lists = useLists();
  const pages = usePages();
  const tasks = useTasks();
  const tables = useTables();
  const actions = useActions();
  const titles = useTitles(text);
  const readers = useReader(text);
  return useMemo(() => {
    const known = [...screens, ...lists, ...pages].filter((command) => matches(command, text));
    const done = actions.filter((command) => matches(command, text));
    const made = [tables, tasks].flatMap((some) =>
      some.filter((command) => matches(command, text)).slice(0, shownMax),
    );
    if (text.trim() !== '') return [...known, ...titles, ...readers, ...made, ...done];
    const last = before.map((one) => ({ ...one, key: `recent:${one.key}`, group: say('recent') }));
    return [...last, ...screens, ...done];
  }, [text, before, screens, lists, pages, tables, tasks, titles, readers, actions, say]);
}
