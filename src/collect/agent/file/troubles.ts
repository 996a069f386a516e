import { count, type Logger } from '../../../base/index.ts';

/** A file that could not be read, or not to its end. */
export interface Trouble {
  readonly file: string;
  /** Up to here everything was read; of compressed files counted in what is compressed. */
  readonly offset: number;
  readonly reason: string;
}

/** Tells of files that cannot be read: each once, until it can be read again. */
export class Troubles {
  readonly #logger: Logger;
  readonly #known = new Map<string, Trouble>();
  /** Grows with everything that is told. */
  turn = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Those that are known now. */
  get all(): readonly Trouble[] {
    return [...this.#known.values()];
  }

  /** A file cannot be read now; others are read meanwhile, and it is tried again. */
  unreadable(file: string, offset: number, error: unknown): void {
    const { cause } = error as Error;
    const reason = cause instanceof Error ? cause.message : String(error);
    if (this.#tell({ file, offset, reason }))
      this.#logger.error('a file cannot be read; the others are, and it is tried again', {
        file,
        offset,
        error,
      });
  }

  /** A compressed file ends where it should not, or is no compressed file from a place on. */
  damaged(trouble: Trouble): void {
    if (!this.#tell(trouble)) return;
    count('octavo_collect_ship_damaged_files_total');
    const { file, offset, reason } = trouble;
    this.#logger.error('a compressed file is damaged; it is sent up to there', { file, offset, reason });
  }

  /** A file can be read. */
  heal(file: string): void {
    this.#known.delete(file);
  }

  #tell(trouble: Trouble): boolean {
    const known = this.#known.get(trouble.file);
    if (known?.reason === trouble.reason && known.offset === trouble.offset) return false;
    if (this.#known.size >= troublesMax) this.#known.clear();
    this.#known.set(trouble.file, trouble);
    this.turn += 1;
    return true;
  }
}

const troublesMax = 1000;
