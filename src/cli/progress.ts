import { renderJson, type Terminal } from './output.ts';

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
      const bar = createBar(terminal, name, json);
      const finish = (status: 'done' | 'skipped' | 'failed'): void => {
        bar.clear();
        if (json) terminal.out(renderJson({ step: name, status, seconds: seconds(), counts }));
        else terminal.err(stepLine(name, status, seconds(), counts));
      };
      try {
        const result = await run({
          progress: bar.show,
          count: (more) => (counts = { ...counts, ...more }),
          skip: () => (skipped = true),
        });
        finish(skipped ? 'skipped' : 'done');
        return result;
      } catch (error) {
        finish('failed');
        throw error;
      }
    },
  };
}

const marks = { done: '✓', skipped: '·', failed: '✗' } as const;
const nameWidth = 12;
const barWidth = 24;
const barEveryMs = 80;

function stepLine(name: string, status: keyof typeof marks, seconds: number, counts: Counts): string {
  const numbers = Object.entries(counts).map(
    ([what, value]) => `${value.toLocaleString('en-US')} ${what.replaceAll('_', ' ')}`,
  );
  const note = status === 'skipped' ? 'already there' : numbers.join(', ');
  return `${marks[status]} ${name.padEnd(nameWidth)} ${`${seconds.toFixed(1)} s`.padStart(8)}  ${note}`.trimEnd();
}

function createBar(
  terminal: Terminal,
  name: string,
  json: boolean,
): { readonly show: StepReport['progress']; readonly clear: () => void } {
  let shownMs = 0;
  let visible = false;
  return {
    show: (done, total, unit = '') => {
      const nowMs = performance.now();
      if (json || !terminal.interactive || nowMs - shownMs < barEveryMs) return;
      shownMs = nowMs;
      visible = true;
      const filled = Math.round((barWidth * Math.min(done, total)) / Math.max(1, total));
      const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
      const text = `  ${name.padEnd(nameWidth)} ${bar} ${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} ${unit}`;
      process.stderr.write(`\r\u001b[2K${text.slice(0, terminal.width - 1)}`);
    },
    clear: () => {
      if (visible) process.stderr.write('\r\u001b[2K');
    },
  };
}
