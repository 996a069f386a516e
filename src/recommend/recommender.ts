import { hashJson, OctavoError, suggestion } from '../base/index.ts';
import { type InteractionRules, defaultInteractionRules } from './interactions.ts';
import { type Algorithm, algorithmParameters, algorithms } from './parameters.ts';

/** A recommender as its author writes it; all but `name` has a default. */
export interface RecommenderSpec {
  readonly name: string;
  /** `graph-filter` (default): a personal list for every reader; `item-to-item`: related titles; `popularity`. */
  readonly algorithm?: Algorithm;
  readonly parameters?: Readonly<Record<string, number>>;
  readonly interactions?: Partial<InteractionRules> & {
    readonly table?: string;
    readonly historyDays?: number;
  };
  /** Table of titles, and an SQL condition on it that a recommended title meets, e.g. `not is_adult`. */
  readonly titles?: { readonly table?: string; readonly where?: string };
  /** Titles in a list. Default 50, at most 200. */
  readonly size?: number;
  /** Ids that are never recommended. */
  readonly exclude?: readonly string[];
}

/** A checked recommender with every default filled. */
export interface Recommender {
  readonly name: string;
  readonly algorithm: Algorithm;
  readonly parameters: Readonly<Record<string, number>>;
  readonly interactions: InteractionRules & { readonly table: string; readonly historyDays: number };
  readonly titles: { readonly table: string; readonly where: string };
  readonly size: number;
  readonly exclude: readonly string[];
}

/**
 * Checks a declaration and fills its defaults.
 * Errors: `recommender_invalid`, naming file (when given), recommender, key, what is allowed and the nearest name.
 */
export function defineRecommender(spec: RecommenderSpec, file?: string): Recommender {
  const where = `${file === undefined ? '' : `${file}: `}recommender '${spec.name}': `;
  const fail = (about: string): OctavoError =>
    new OctavoError('recommender_invalid', where + about, { details: { file } });
  const keys = (given: object, allowed: readonly string[], of: string): void => {
    for (const key of Object.keys(given))
      if (!allowed.includes(key)) throw fail(`unknown ${of} '${key}'${suggestion(key, allowed)}`);
  };
  const whole = (key: string, value: number, min: number, max: number): number => {
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw fail(`'${key}' is ${value}, expected a whole number from ${min} to ${max}`);
  };
  keys(spec, ['name', 'algorithm', 'parameters', 'interactions', 'titles', 'size', 'exclude'], 'key');
  if (typeof spec.name !== 'string' || !/^[a-z][\w-]*$/.test(spec.name))
    throw fail(`'name' must begin with a small letter and consist of letters, digits, _ and -`);
  const algorithm = spec.algorithm ?? 'graph-filter';
  if (!algorithms.includes(algorithm))
    throw fail(`unknown algorithm '${algorithm as string}'${suggestion(algorithm, algorithms)}`);
  const ranges: Readonly<Record<string, { default: number; min: number; max: number }>> =
    algorithmParameters[algorithm];
  keys(spec.parameters ?? {}, Object.keys(ranges), 'parameter');
  const parameters = Object.fromEntries(
    Object.entries(ranges).map(([key, range]) => {
      const value = spec.parameters?.[key] ?? range.default;
      if (!(value >= range.min && value <= range.max))
        throw fail(`parameter '${key}' is ${value}, expected a number from ${range.min} to ${range.max}`);
      return [
        key,
        ['neighbours', 'supportMin', 'windowDays'].includes(key)
          ? whole(key, value, range.min, range.max)
          : value,
      ];
    }),
  );
  const { table = 'model.interactions', historyDays = 365, ...rules } = spec.interactions ?? {};
  keys(rules, Object.keys(defaultInteractionRules), 'key of interactions');
  keys(spec.titles ?? {}, ['table', 'where'], 'key of titles');
  const merged = { ...defaultInteractionRules, ...rules };
  for (const [kind, rule] of Object.entries(merged.kinds)) {
    keys(rule, ['weight', 'from', 'dislikedBelow'], `key of kind '${kind}'`);
    if (!(rule.weight >= 0))
      throw fail(`kind '${kind}' has the weight ${rule.weight}, expected a number from 0`);
  }
  if (!(merged.halfLifeDays >= 0))
    throw fail(`'halfLifeDays' is ${merged.halfLifeDays}, expected a number from 0`);
  whole('perReaderMax', merged.perReaderMax, 1, 100_000);
  return {
    name: spec.name,
    algorithm,
    parameters,
    interactions: { ...merged, table, historyDays: whole('historyDays', historyDays, 1, 36_500) },
    titles: { table: spec.titles?.table ?? 'model.titles', where: spec.titles?.where ?? 'true' },
    size: whole('size', spec.size ?? 50, 1, 200),
    exclude: spec.exclude ?? [],
  };
}

/**
 * Hash of everything that decides what is recommended and why. The code's own version is part of it: a list that the code would
 * make otherwise is made again.
 */
export function ruleVersion(recommender: Recommender): string {
  return hashJson({ codeVersion, recommender }).slice(0, 16);
}

/** Raised with every change of what lists hold: titles, scores or reasons. */
const codeVersion = 3;
