import type { ChildProcess } from 'node:child_process';

const children = new Set<ChildProcess>();
let listening = false;

/** Kills a child when this process ends, so that a run that was given up leaves nothing behind. */
export function endWithProcess(child: ChildProcess): void {
  if (!listening) process.once('exit', killAll);
  listening = true;
  children.add(child);
  child.once('exit', () => children.delete(child));
}

function killAll(): void {
  for (const child of children) child.kill('SIGKILL');
}
