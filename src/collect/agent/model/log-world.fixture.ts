import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Random } from '../../../base/index.ts';

/** How rotated files are called: after the log, or before it in the order of names. */
export interface WorldNames {
  readonly log: string;
  readonly rotated: (turn: number) => string;
}

/** What is known of one line that was written. */
interface Line {
  /** Files that have it, by inode. */
  readonly in: Set<number>;
  /** It was there when the agent had read and delivered everything. */
  safe: boolean;
}

/** Rotated files that are kept. */
export const turnsMax = 3;

/**
 * A writer and its log rotation, over real files; it knows of every line in which files it is, and so whether the agent could
 * have lost it.
 */
export class LogWorld {
  readonly lines: Line[] = [];
  readonly log: string;
  readonly #folder: string;
  readonly #names: WorldNames;
  readonly #random: Random;
  /** Files that the agent of this life had open when it last looked, and has no reason to let go. */
  readonly #followed = new Set<number>();
  /** Files that were removed while the agent followed them. */
  readonly #removedOpen = new Set<number>();
  #moves = 0;
  #partial = '';
  #partialLine: number | undefined;

  constructor(folder: string, names: WorldNames, random: Random) {
    this.#folder = folder;
    this.#names = names;
    this.#random = random;
    this.log = join(folder, names.log);
  }

  /** Appends lines; sometimes the last is written in two parts. */
  write(count: number, wide: boolean): void {
    let text = this.#partial;
    const whole: number[] = this.#partialLine === undefined ? [] : [this.#partialLine];
    this.#partial = '';
    this.#partialLine = undefined;
    for (let index = 0; index < count; index++) {
      const number = this.lines.push({ in: new Set(), safe: false }) - 1;
      whole.push(number);
      text += lineText(number, wide);
    }
    if (this.#random.below(4) === 0 && count > 0) {
      const cut = 1 + this.#random.below(12);
      this.#partial = text.slice(-cut);
      this.#partialLine = whole.pop();
      text = text.slice(0, -cut);
    }
    if (text === '') return;
    appendFileSync(this.log, text);
    const inode = inodeOf(this.log);
    for (const number of whole) this.lines[number]?.in.add(inode);
  }

  /** Moves the log away, and those before it; the writer finishes its line in the old file first, as writers do. */
  rotate(): void {
    if (!existsSync(this.log)) return;
    this.finish();
    this.#shift();
    renameSync(this.log, this.#path(1));
  }

  /** Copies the log and empties it; what is written in between is lost unless the agent has it. */
  copyTruncate(between: number): void {
    if (!existsSync(this.log)) return;
    this.finish();
    this.#shift();
    const from = inodeOf(this.log);
    copyFileSync(this.log, this.#path(1));
    const copy = inodeOf(this.#path(1));
    for (const line of this.lines) if (line.in.has(from)) line.in.add(copy);
    this.write(between, false);
    this.finish();
    truncateSync(this.log, 0);
    for (const line of this.lines) line.in.delete(from);
  }

  /** Empties the log without a copy. */
  truncate(): void {
    if (!existsSync(this.log)) return;
    this.finish();
    truncateSync(this.log, 0);
    const inode = inodeOf(this.log);
    for (const line of this.lines) line.in.delete(inode);
  }

  /** Gives a rotated file another name, under which the agent looks too, or takes it away from where it looks. */
  rename(turn: number, away: boolean): void {
    const path = [this.#path(turn), `${this.#path(turn)}.gz`].find((one) => existsSync(one));
    if (path === undefined) return;
    this.#moves += 1;
    const target = join(this.#folder, `${away ? 'away' : 'app-moved'}.${this.#moves}`);
    if (away) this.#lose(inodeOf(path));
    renameSync(path, target);
  }

  /** Takes the log itself away from where the agent looks, or removes it; the writer makes a new one. */
  moveLog(away: boolean): void {
    if (!existsSync(this.log)) return;
    this.finish();
    this.#moves += 1;
    if (!away) return this.#remove(this.log);
    this.#lose(inodeOf(this.log));
    renameSync(this.log, join(this.#folder, `away.${this.#moves}`));
  }

  /** Compresses a rotated file; `step` is called while the compressed file is only partly there, and while both are there. */
  async compress(turn: number, step: () => Promise<void>): Promise<void> {
    const path = this.#path(turn);
    if (!existsSync(path)) return;
    const bytes = gzipSync(readFileSync(path));
    const target = `${path}.gz`;
    writeFileSync(target, bytes.subarray(0, this.#random.below(bytes.length)));
    await step();
    writeFileSync(target, bytes);
    const [from, to] = [inodeOf(path), inodeOf(target)];
    for (const line of this.lines) if (line.in.has(from)) line.in.add(to);
    if (this.#random.below(2) === 0) await step();
    this.#remove(path);
  }

  /** Removes a rotated file, compressed or not. */
  delete(turn: number): void {
    for (const path of [this.#path(turn), `${this.#path(turn)}.gz`]) if (existsSync(path)) this.#remove(path);
  }

  /** The agent looked, and has these files open. */
  looked(open: ReadonlySet<number>): void {
    for (const inode of open) this.#followed.add(inode);
  }

  /** So much time goes by that the agent may close files that did not grow. */
  idle(): void {
    this.#followed.clear();
  }

  /** The agent read and delivered everything that is there. */
  drained(): void {
    for (const line of this.lines) if (line.in.size > 0) line.safe = true;
    this.#forgetRemoved();
  }

  /** The agent died: what was in removed files only is gone. */
  killed(): void {
    this.#followed.clear();
    this.#forgetRemoved();
  }

  /** Lines that must arrive. */
  mustArrive(): readonly number[] {
    return this.lines.flatMap((line, number) => (line.safe || line.in.size > 0 ? [number] : []));
  }

  /** Writes the rest of a line that was begun. */
  finish(): void {
    if (this.#partialLine !== undefined) this.write(0, false);
  }

  #shift(): void {
    for (let turn = turnsMax; turn >= 1; turn--) {
      for (const ending of ['', '.gz']) {
        const path = `${this.#path(turn)}${ending}`;
        if (!existsSync(path)) continue;
        if (turn === turnsMax) this.#remove(path);
        else renameSync(path, `${this.#path(turn + 1)}${ending}`);
      }
    }
  }

  #remove(path: string): void {
    this.#lose(inodeOf(path));
    unlinkSync(path);
  }

  /** Nobody finds the file any more, but the agent that has it open. */
  #lose(inode: number): void {
    if (this.#followed.has(inode)) this.#removedOpen.add(inode);
    else for (const line of this.lines) line.in.delete(inode);
  }

  #forgetRemoved(): void {
    for (const line of this.lines) for (const inode of this.#removedOpen) line.in.delete(inode);
    for (const inode of this.#removedOpen) this.#followed.delete(inode);
    this.#removedOpen.clear();
  }

  #path(turn: number): string {
    return join(this.#folder, this.#names.rotated(turn));
  }
}

/** A line that its number can be read from. */
function lineText(number: number, wide: boolean): string {
  const word = number % 5 === 0 ? '책방' : 'books';
  const fill = wide ? ` note="${'x'.repeat(200 + (number % 90))}"` : '';
  return `ts=${1_767_225_600 + number} method=GET path=/${word}/${number} status=200${fill}\n`;
}

function inodeOf(path: string): number {
  return statSync(path).ino;
}
