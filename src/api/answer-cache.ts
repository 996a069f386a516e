import type { FoundEdition } from './editions.ts';
import type { Scope } from './keys.ts';

/** An answer that was made from an immutable edition, ready to be sent. */
export interface Answer {
  readonly body: Buffer;
  readonly etag: string;
  readonly found: FoundEdition;
  /** What a key needs to get it. */
  readonly scope: Scope;
  readonly route: string;
}

/** Answers by address; the ones not asked for the longest go first. */
export interface AnswerCache {
  get(url: string): Answer | undefined;
  set(url: string, answer: Answer): void;
}

/** Bytes kept beside an answer's body: address, tag, edition. */
const entryBytes = 512;

/** Keeps answers up to so many bytes together. Default 64 MiB. */
export function createAnswerCache(bytesMax = 64 * 2 ** 20): AnswerCache {
  const answers = new Map<string, Answer>();
  let bytes = 0;
  const remove = (url: string, answer: Answer): void => {
    answers.delete(url);
    bytes -= sizeOf(url, answer);
  };
  return {
    get: (url) => {
      const answer = answers.get(url);
      if (answer === undefined) return undefined;
      answers.delete(url);
      answers.set(url, answer);
      return answer;
    },
    set: (url, answer) => {
      const before = answers.get(url);
      if (before !== undefined) remove(url, before);
      answers.set(url, answer);
      bytes += sizeOf(url, answer);
      for (const [oldest, old] of answers) {
        if (bytes <= bytesMax) return;
        remove(oldest, old);
      }
    },
  };
}

function sizeOf(url: string, answer: Answer): number {
  return answer.body.length + 2 * url.length + entryBytes;
}
