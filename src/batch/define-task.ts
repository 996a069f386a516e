import { OctavoError, suggestion, type Text } from '../base/index.ts';
import { marker } from './targets.ts';
import { parseTaskId, taskIdOf } from './task-id.ts';
import {
  type Lineage,
  type ParameterSpec,
  type Target,
  type Task,
  type TaskContext,
  type TaskRef,
} from './task.ts';

/** A parameter in full, or only its type. */
export type ParameterDeclaration = ParameterSpec | ParameterSpec['type'];

type ValueOf<D> = D extends { readonly type: infer T }
  ? ValueOf<T>
  : D extends 'number'
    ? number
    : D extends 'boolean'
      ? boolean
      : string;

/** The values that declared parameters take. */
export type ParametersOf<P> = { readonly [K in keyof P]: ValueOf<P[K]> };

/** What the `run` of a defined task is given. */
export interface RunContext<P> extends TaskContext {
  readonly parameters: ParametersOf<P>;
}

/** Another task as an id (`model:sales(day=2026-11-02)`) or as a reference. */
export type Need = string | TaskRef;

/** A task as its author writes it; everything but `name` and `run` has a default. */
export interface TaskSpec<P extends Readonly<Record<string, ParameterDeclaration>>> {
  /** Unique; letters, digits, `.`, `_`, `-`, `:` and `/`. */
  readonly name: string;
  readonly description?: Text;
  readonly parameters?: P;
  /** Tasks whose targets must exist first. */
  readonly needs?: readonly Need[] | ((parameters: ParametersOf<P>) => readonly Need[]);
  /** Default: a marker in the batch state. */
  readonly target?: (parameters: ParametersOf<P>) => Target;
  readonly run: (context: RunContext<P>) => Promise<void> | void;
  /** Further attempts after the first. Default 3. */
  readonly retries?: number;
  /** Default 3,600,000. */
  readonly timeoutMs?: number;
  /** Named resources that an attempt holds while it runs. */
  readonly resources?: Readonly<Record<string, number>>;
  /** Part of every business day's cycle; needs a parameter `day`. Default false. */
  readonly daily?: boolean;
  /** Tables that it reads and makes, for those who ask where numbers come from. */
  readonly lineage?: Lineage;
}

/** Checks a task and fills its defaults. Errors: `task_invalid`, naming the task, the key and what is allowed. */
export function defineTask<
  const P extends Readonly<Record<string, ParameterDeclaration>> = Readonly<Record<string, never>>,
>(spec: TaskSpec<P>): Task {
  checkKeys(spec);
  const name = checkName(spec.name);
  const parameters = parameterSpecs(name, spec.parameters ?? {});
  const { needs, target } = spec;
  return {
    name,
    description: spec.description ?? '',
    parameters,
    needs: (values) =>
      (typeof needs === 'function' ? needs(values as ParametersOf<P>) : (needs ?? [])).map(toRef),
    target: (values) =>
      target?.(values as ParametersOf<P>) ?? marker(taskIdOf({ task: name, parameters: values })),
    run: async (context) => {
      await spec.run({ ...context, parameters: context.ref.parameters as ParametersOf<P> });
    },
    retries: checkNumber(name, 'retries', spec.retries ?? 3, 0, retriesMax),
    timeoutMs: checkNumber(name, 'timeoutMs', spec.timeoutMs ?? 3_600_000, 1, timeoutMsMax),
    resources: checkResources(name, spec.resources ?? {}),
    daily: checkDaily(name, spec.daily ?? false, parameters),
    ...(spec.lineage === undefined ? {} : { lineage: spec.lineage }),
  };
}

const retriesMax = 100;
const timeoutMsMax = 7 * 24 * 3_600_000;
const specKeys = [
  'name',
  'description',
  'parameters',
  'needs',
  'target',
  'run',
  'retries',
  'timeoutMs',
  'resources',
  'daily',
  'lineage',
];
const parameterTypes = ['day', 'string', 'number', 'boolean'];

function checkKeys(spec: object): void {
  const name = String((spec as { name?: unknown }).name);
  for (const key of Object.keys(spec)) {
    if (!specKeys.includes(key)) throw invalid(name, `unknown key '${key}'${suggestion(key, specKeys)}`);
  }
  if (typeof (spec as { run?: unknown }).run !== 'function') throw invalid(name, `'run' must be a function`);
}

function checkName(name: unknown): string {
  if (typeof name === 'string' && /^[A-Za-z][\w.:/-]*$/.test(name)) return name;
  throw invalid(String(name), `'name' must begin with a letter and consist of letters, digits and . _ : / -`);
}

function parameterSpecs(
  task: string,
  declared: Readonly<Record<string, ParameterDeclaration>>,
): Readonly<Record<string, ParameterSpec>> {
  const specs = Object.entries(declared).map(([name, declaration]): [string, ParameterSpec] => {
    const spec = typeof declaration === 'string' ? { type: declaration, description: name } : declaration;
    if (!parameterTypes.includes(spec.type)) {
      throw invalid(
        task,
        `parameter '${name}' has the type '${spec.type}', allowed are ${parameterTypes.join(', ')}`,
      );
    }
    return [name, spec];
  });
  return Object.fromEntries(specs);
}

function checkNumber(task: string, key: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw invalid(task, `'${key}' is ${value}, expected a whole number from ${min} to ${max}`);
}

function checkResources(
  task: string,
  resources: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  for (const [name, amount] of Object.entries(resources)) {
    if (!(amount > 0)) throw invalid(task, `resource '${name}' is ${amount}, expected a number above 0`);
  }
  return resources;
}

function checkDaily(
  task: string,
  daily: boolean,
  parameters: Readonly<Record<string, ParameterSpec>>,
): boolean {
  if (!daily) return false;
  if (parameters['day']?.type !== 'day')
    throw invalid(task, `a daily task needs a parameter 'day' of type 'day'`);
  for (const [name, spec] of Object.entries(parameters)) {
    if (name === 'day' || spec.default !== undefined) continue;
    throw invalid(task, `a daily task is run with 'day' alone, so parameter '${name}' needs a default`);
  }
  return true;
}

function toRef(need: Need): TaskRef {
  return typeof need === 'string' ? parseTaskId(need) : need;
}

function invalid(task: string, about: string): OctavoError {
  return new OctavoError('task_invalid', `task '${task}': ${about}`, { details: { task } });
}
