import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A process of this machine that answers over HTTP for a data folder. */
export interface RunningPlace {
  readonly pid: number;
  /** E.g. `octavo start`. */
  readonly command: string;
  /** Where it is reached from this machine. */
  readonly url: string;
}

/** Tells others where this process answers, whatever port it was given; returns what takes that back. */
export function tellPlace(dataFolder: string, { command, url }: Omit<RunningPlace, 'pid'>): () => void {
  const path = pathIn(dataFolder);
  const place: RunningPlace = { pid: process.pid, command, url: reachable(url) };
  const written = `${path}.${process.pid}`;
  writeFileSync(written, `${JSON.stringify(place)}\n`);
  renameSync(written, path);
  return () => {
    if (placeIn(path)?.pid === process.pid) rmSync(path, { force: true });
  };
}

/** Who answers for the data folder; undefined when nobody does, or only a killed process said so. */
export function runningPlace(dataFolder: string): RunningPlace | undefined {
  const place = placeIn(pathIn(dataFolder));
  return place !== undefined && isAlive(place.pid) ? place : undefined;
}

/** An address to listen on as one to connect to. */
export function reachable(url: string): string {
  return url.replace(/^http:\/\/(0\.0\.0\.0|\[::\])(?=:|$)/, 'http://127.0.0.1');
}

function pathIn(dataFolder: string): string {
  return join(dataFolder, 'running.json');
}

function placeIn(path: string): RunningPlace | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as RunningPlace;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It is there, and another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
