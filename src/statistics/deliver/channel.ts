import { suggestion } from '../../base/index.ts';

/** A message to people: the same words as HTML, as plain text, and as data. */
export interface Message {
  /** Equal for equal content: a receiver that has seen it may drop it. */
  readonly id: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** What a program reads of it. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly pictures: readonly Picture[];
}

/** A picture that goes with a message. */
export interface Picture {
  readonly name: string;
  readonly png: Buffer;
}

/** A way to people, by the name that the configuration gives it. */
export interface Channel {
  readonly name: string;
  readonly kind: 'mail' | 'webhook';
  /** Resolves when the other side has taken the message. Errors: `delivery_failed`, `delivery_refused`. */
  send(message: Message, signal?: AbortSignal): Promise<void>;
}

/** What is said of a channel that the configuration does not name. */
export function unknownChannel(name: string, known: readonly string[]): string {
  return known.length === 0
    ? `unknown channel '${name}': \`channels\` of octavo.config.ts names none`
    : `unknown channel '${name}'${suggestion(name, known)}`;
}
