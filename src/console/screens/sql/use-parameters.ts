import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { QueryParameters } from '../../../api/index.ts';
import { keep, kept } from '../../data/keepsake.ts';
import { mayNameParameters, parametersQuery, type Values } from './queries.ts';

export type Parameter = QueryParameters['parameters'][number];
/** What stands in the fields, by parameter. */
export type Typed = Readonly<Record<string, string>>;

const restMs = 400;
const none: readonly Parameter[] = [];

/** The parameters of what is being written, and what stands in their fields. */
export interface ParameterFields {
  readonly parameters: readonly Parameter[];
  readonly typed: Typed;
  /** A field that must be filled in before the question can be asked. */
  readonly missing: string | undefined;
  readonly fill: (name: string, text: string) => void;
  /** What is written has changed. */
  readonly read: (sql: string) => void;
  /** The values for a text; undefined when one is missing, which its field then says. */
  readonly valuesFor: (
    sql: string,
  ) => Promise<{ readonly values: Values; readonly typed: Typed } | undefined>;
}

/** Asks the server for the parameters when the writing rests; what was typed for one is kept on the device. */
export function useParameters(person: string, first: string, given: Typed): ParameterFields {
  const queries = useQueryClient();
  const [sql, setSql] = useState(first);
  const [typed, setTyped] = useState<Typed>(() => ({ ...keptValues(person), ...given }));
  const [missing, setMissing] = useState<string>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const asked = mayNameParameters(sql);
  const { data } = useQuery({
    ...parametersQuery(sql),
    enabled: asked,
    // While a statement is half written its fields stay.
    placeholderData: (before) => before,
  });
  const known = useRef(none);
  if (!asked) known.current = none;
  else if (data !== undefined) known.current = data.parameters;
  return {
    parameters: known.current,
    typed,
    missing,
    fill: (name, text) => {
      setMissing(undefined);
      setTyped((before) => {
        const next = { ...before, [name]: text };
        keep(`octavo.sql.values.${person}`, JSON.stringify(next));
        return next;
      });
    },
    read: (text) => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setSql(text), restMs);
    },
    valuesFor: async (text) => {
      if (!mayNameParameters(text)) return { values: {}, typed: {} };
      // A statement that is not valid is asked as it is: its error says where.
      const found = await queries.fetchQuery(parametersQuery(text)).catch(() => undefined);
      const parameters = found?.parameters ?? none;
      const empty = parameters.find(({ name, type }) => type !== 'text' && (typed[name] ?? '').trim() === '');
      setSql(text);
      setMissing(empty?.name);
      if (empty !== undefined) return undefined;
      return {
        values: Object.fromEntries(
          parameters.map(({ name, type }) => [name, valueOf(type, typed[name] ?? '')]),
        ),
        typed: Object.fromEntries(parameters.map(({ name }) => [name, typed[name] ?? ''])),
      };
    },
  };
}

/** Digits that a number cannot hold go as the text that they are; the engine reads them. */
function valueOf(type: Parameter['type'], text: string): string | number | boolean {
  if (type === 'boolean') return text === 'true';
  const number = Number(text);
  return type === 'number' && Number.isFinite(number) && String(number) === text.trim() ? number : text;
}

function keptValues(person: string): Typed {
  try {
    const read: unknown = JSON.parse(kept(`octavo.sql.values.${person}`) ?? '{}');
    const entries = Object.entries(read as object).filter(([, value]) => typeof value === 'string');
    return Object.fromEntries(entries) as Typed;
  } catch {
    return {};
  }
}
