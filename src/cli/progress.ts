import { hasCode } from '../base/index.ts';
import { jsonText } from './table-text.ts';
import type { Terminal } from './terminal.ts';

/** Numbers shown with a step. */
export type Counts = Readonly<Record<string, number>>;

/** Shows long work, step by step: lines with counts and times, bars on a terminal, JSON lines with `--json`. */
export interface Steps {
  /** Runs one step; a failure is shown and thrown on. */
  step<T>(name: string, run: (report: StepReport) => Promise<T>): Promise<T>;
}

export interface StepReport {
  /** How far the step is. */
  progress(done: number, total: number, unit?: string): void;
  /** Shown when the step is done; later values replace earlier ones of the same name. */
  count(counts: Counts): void;
  /** Says that there was nothing to do. */
  skip(): void;
}

/** How a step ended; `skipped`: there was nothing to do. */
export type StepStatus = 'done' | 'skipped' | 'failed' | 'cancelled';

/** @param nowMs - gives epoch milliseconds */
export function createSteps(
  terminal: Terminal,
  options: { readonly json: boolean; readonly nowMs: () => number },
): Steps {
  const { json, nowMs } = options;
  return {
    step: async (name, run) => {
      const startMs = nowMs();
      let counts: Counts = {};
      let skipped = false;
      const seconds = (): number => Math.round((nowMs() - startMs) / 10) / 100;
      const bar = createBar(terminal, { name, nowMs });
      const finish = (status: StepStatus): void => {
        bar.clear();
        if (json) terminal.out(jsonText({ step: name, status, seconds: seconds(), counts }));
        else terminal.err(stepLine(name, status, seconds(), counts));
      };
      bar.show(0, 0);
      try {
        const result = await run({
          progress: bar.show,
          count: (more) => (counts = { ...counts, ...more }),
          skip: () => (skipped = true),
        });
        finish(skipped ? 'skipped' : 'done');
        return result;
      } catch (error) {
        finish(hasCode(error, 'cancelled') ? 'cancelled' : 'failed');
        throw error;
      }
    },
  };
}

/** A bar on the terminal's status line; nothing where the terminal has none. */
export interface Bar {
  /** Without a total only the name and the time are shown. */
  readonly show: (done: number, total: number, unit?: string) => void;
  readonly clear: () => void;
}

/** @param options.nowMs - gives epoch milliseconds */
export function createBar(
  terminal: Terminal,
  options: { readonly name: string; readonly nowMs: () => number },
): Bar {
  const { name, nowMs } = options;
  const startMs = nowMs();
  let shownMs = -Infinity;
  return {
    show: (done, total, unit = '') => {
      const atMs = nowMs();
      // The last value is always shown, for it may stay for long.
      if (!terminal.interactive || (atMs - shownMs < barEveryMs && atMs >= shownMs && done < total)) return;
      shownMs = atMs;
      const spent = `${Math.floor((atMs - startMs) / 1000)} s`.padStart(6);
      terminal.status(`  ${name.padEnd(nameWidth)} ${spent}  ${barText(done, total, unit)}`.trimEnd());
    },
    clear: () => terminal.status(undefined),
  };
}

/** Counts for people: `1,200 events, 1 day, 3 late`. */
export function countsText(counts: Counts): string {
  return Object.entries(counts)
    .map(([what, value]) => {
      const words = what.replaceAll('_', ' ');
      return `${value.toLocaleString('en-US')} ${value === 1 ? words.replace(/(?<!s)s$/, '') : words}`;
    })
    .join(', ');
}

const marks = { done: '✓', skipped: '·', failed: '✗', cancelled: '■' } as const;
const nameWidth = 12;
const barWidth = 24;
const barEveryMs = 80;

function stepLine(name: string, status: StepStatus, seconds: number, counts: Counts): string {
  const notes = {
    skipped: 'already there',
    cancelled: 'stopped',
    done: countsText(counts),
    failed: countsText(counts),
  };
  const spent = `${seconds.toFixed(1)} s`.padStart(8);
  return `${marks[status]} ${name.padEnd(nameWidth)} ${spent}  ${notes[status]}`.trimEnd();
}

function barText(done: number, total: number, unit: string): string {
  if (total <= 0) return '';
  const filled = Math.round((barWidth * Math.min(done, total)) / total);
  const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
  return `${bar} ${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} ${unit}`;
}
