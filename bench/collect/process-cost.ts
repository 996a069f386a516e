import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** What processes took: their processor time, and the most memory at once. */
export interface ProcessCost {
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

/** Ticks of the times in `/proc` (`getconf CLK_TCK`), which is the same on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Of this process since `forgetPeak`, and of its children but these; undefined where there is no `/proc`. */
export function costSoFar(without: readonly number[]): ProcessCost | undefined {
  return costOf([process.pid, ...childrenOf(process.pid).filter((pid) => !without.includes(pid))]);
}

/** Of processes that live: the sum of both. */
export function costOf(pids: readonly number[]): ProcessCost | undefined {
  try {
    let [ticks, peakBytes] = [0, 0];
    for (const pid of pids) {
      const fields = statOf(pid);
      ticks += Number(fields[11]) + Number(fields[12]);
      peakBytes +=
        1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    }
    return { cpuSeconds: ticks / ticksPerSecond, peakBytes };
  } catch {
    return undefined;
  }
}

/** Begins the count of this process's peak memory anew. */
export function forgetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Elsewhere than on Linux the peak is not told.
  }
}

function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return Number(statOf(pid)[1]) === parent;
      } catch {
        return false;
      }
    });
}

/** Fields of `/proc/<pid>/stat` after the name: state, parent, … */
function statOf(pid: number): readonly string[] {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
}
