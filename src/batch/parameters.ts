import { OctavoError, parseDay, suggestion } from '../base/index.ts';
import { type ParameterSpec, type Task, type TaskParameters, type TaskRef } from './task.ts';

/**
 * The reference with every parameter checked, typed and filled from the defaults, so that equal work
 * has an equal id. Errors: `task_parameter_invalid` with the task, the parameter, what is allowed and the nearest name.
 */
export function resolveRef(task: Task, given: TaskParameters): TaskRef {
  const declared = task.parameters;
  for (const name of Object.keys(given)) {
    if (declared[name] !== undefined) continue;
    throw invalid(task, `there is no parameter '${name}'${suggestion(name, Object.keys(declared))}`);
  }
  const parameters: Record<string, string | number | boolean> = {};
  for (const name of Object.keys(declared).sort()) {
    const spec = declared[name] as ParameterSpec;
    const value = given[name] ?? spec.default;
    if (value === undefined)
      throw invalid(task, `parameter '${name}' is missing (${spec.type}: ${spec.description})`);
    parameters[name] = readValue(task, name, spec, value);
  }
  return { task: task.name, parameters };
}

function readValue(
  task: Task,
  name: string,
  spec: ParameterSpec,
  value: string | number | boolean,
): string | number | boolean {
  const refuse = (expected: string): OctavoError =>
    invalid(task, `parameter '${name}' is ${JSON.stringify(value)}, expected ${expected}`);
  switch (spec.type) {
    case 'day':
      try {
        return parseDay(String(value));
      } catch {
        throw refuse('a day as YYYY-MM-DD');
      }
    case 'string':
      if (typeof value !== 'string') throw refuse('a text');
      return value;
    case 'number': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isFinite(number)) throw refuse('a number');
      return number;
    }
    case 'boolean':
      if (value === true || value === 'true') return true;
      if (value === false || value === 'false') return false;
      throw refuse('true or false');
  }
}

function invalid(task: Task, about: string): OctavoError {
  return new OctavoError('task_parameter_invalid', `task '${task.name}': ${about}`, {
    details: { task: task.name },
  });
}
