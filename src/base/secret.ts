import { inspect } from 'node:util';

/** A text that is never printed: in logs, JSON and templates it shows as `***`. */
export class Secret {
  readonly #value: string;

  /** @param value - the text to hide */
  constructor(value: string) {
    this.#value = value;
  }

  /** The text itself, for the one call that needs it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [inspect.custom](): string {
    return '***';
  }
}
