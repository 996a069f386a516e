import { OctavoError } from '../base/index.ts';
import { type TaskParameters, type TaskRef } from './task.ts';

/**
 * The canonical id of a task with its parameters: `name(day=2026-11-02,limit=10)`, keys sorted, or the bare
 * name without parameters. Texts with other than word characters, `.`, `:`, `/`, `+` and `-` are written as JSON.
 */
export function taskIdOf(ref: TaskRef): string {
  const keys = Object.keys(ref.parameters);
  if (keys.length === 0) return ref.task;
  const pairs = keys.sort().map((key) => `${key}=${writeValue(ref.parameters[key] ?? '')}`);
  return `${ref.task}(${pairs.join(',')})`;
}

/**
 * Reads an id as people type it (`octavo run 'model:sales(day=2026-11-02)'`). Values stay text; the
 * declared parameters give them their types. Errors: `task_parameter_invalid`.
 */
export function parseTaskId(id: string): TaskRef {
  const parts = /^([^(),=\s]+)(?:\((.*)\))?$/s.exec(id.trim());
  if (parts?.[1] === undefined)
    throw new OctavoError('task_parameter_invalid', `'${id}', expected name(key=value,…)`);
  const parameters: Record<string, string> = {};
  let rest = parts[2] ?? '';
  while (rest !== '') {
    const pair = /^\s*([A-Za-z_][\w-]*)\s*=\s*("(?:[^"\\]|\\.)*"|[^,"]*?)\s*(?:,|$)/.exec(rest);
    const [whole, key, value] = pair ?? [];
    if (whole === undefined || key === undefined || value === undefined) {
      throw new OctavoError('task_parameter_invalid', `'${id}' at '${rest}', expected key=value`);
    }
    parameters[key] = value.startsWith('"') ? String(JSON.parse(value)) : value;
    rest = rest.slice(whole.length);
  }
  return { task: parts[1], parameters };
}

/** The same parameters with another task: `{ task, parameters }` in one call. */
export function taskRef(task: string, parameters: TaskParameters = {}): TaskRef {
  return { task, parameters };
}

function writeValue(value: string | number | boolean): string {
  const text = String(value);
  return /^[\w.:/+-]+$/.test(text) ? text : JSON.stringify(text);
}
