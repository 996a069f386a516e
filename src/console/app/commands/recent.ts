import { keep, kept } from '../../data/keepsake.ts';
import type { FoundCommand } from './command.ts';

const keptMax = 5;
type Recent = Pick<FoundCommand, 'key' | 'icon' | 'label' | 'note'> & { readonly go: string };

/** Remembers where the reader went. */
export function remember(command: FoundCommand): void {
  if (typeof command.go !== 'string') return;
  const { key, icon, label, note, go } = command;
  const fresh: Recent = { key, icon, label, go, ...(note === undefined ? {} : { note }) };
  const others = recent().filter((one) => one.key !== key);
  keep('octavo.recent', JSON.stringify([fresh, ...others].slice(0, keptMax)));
}

/** Where the reader went last, newest first. */
export function recent(): readonly Recent[] {
  try {
    const list = JSON.parse(kept('octavo.recent') ?? '[]') as unknown;
    return Array.isArray(list) ? (list as Recent[]) : [];
  } catch {
    return [];
  }
}
