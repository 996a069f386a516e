import type { IconName } from '../../parts/icon.tsx';

/** Something that can be gone to or done. */
export interface FoundCommand {
  readonly key: string;
  readonly group: string;
  readonly icon: IconName;
  readonly label: string;
  readonly note?: string;
  /** An address of the console, or what to do. */
  readonly go: string | (() => void);
  /** Other words that find it. */
  readonly words?: string;
}

/** Whether every word of the text stands in the command. */
export function matches(command: FoundCommand, text: string): boolean {
  const hay = `${command.label} ${command.note ?? ''} ${command.words ?? ''}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word));
}
