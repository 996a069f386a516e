import { type RunningAttempt } from './attempt.ts';

type Said = ReturnType<RunningAttempt['said']>;

/** Which words of running attempts the state does not have yet. */
export class Sayings {
  /** Versions that it has, by token. */
  readonly #kept = new Map<number, number>();

  news(running: Iterable<RunningAttempt>): readonly Said[] {
    return [...running]
      .map((attempt) => attempt.said())
      .filter(({ version, note }) => version !== this.#kept.get(note.token));
  }

  keep(news: readonly Said[]): void {
    for (const { version, note } of news) this.#kept.set(note.token, version);
  }

  forget(token: number): void {
    this.#kept.delete(token);
  }
}
