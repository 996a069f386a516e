import { useEffect, useRef, type ReactNode } from 'react';
import { useText } from '../../i18n/language.tsx';
import { messages } from './messages.ts';
import type { Parameter, ParameterFields } from './use-parameters.ts';

/** A field for each parameter that the statement names; Enter asks. */
export function ParameterRow({
  fields,
  onRun,
}: {
  readonly fields: ParameterFields;
  readonly onRun: () => void;
}): ReactNode {
  const say = useText(messages);
  const { parameters, typed, missing, fill } = fields;
  if (parameters.length === 0) return null;
  return (
    <form
      className="sql-parameters"
      aria-label={say('parameters')}
      onSubmit={(event) => {
        event.preventDefault();
        onRun();
      }}
    >
      {parameters.map((parameter) => (
        <Field
          key={parameter.name}
          parameter={parameter}
          value={typed[parameter.name] ?? ''}
          missing={missing === parameter.name}
          onChange={(text) => fill(parameter.name, text)}
        />
      ))}
      <button type="submit" hidden />
    </form>
  );
}

function Field({
  parameter: { name, type },
  value,
  missing,
  onChange,
}: {
  readonly parameter: Parameter;
  readonly value: string;
  readonly missing: boolean;
  readonly onChange: (text: string) => void;
}): ReactNode {
  const say = useText(messages);
  const field = useRef<HTMLInputElement & HTMLSelectElement>(null);
  useEffect(() => {
    if (missing) field.current?.focus();
  }, [missing]);
  const common = {
    ref: field,
    className: 'ctl',
    value,
    'aria-invalid': missing,
    onChange: (event: { readonly target: { readonly value: string } }) => onChange(event.target.value),
  };
  return (
    <label>
      <span>
        <code>:{name}</code> <span className="small">{say(type)}</span>
      </span>
      {type === 'boolean' ? (
        <select {...common}>
          <option value="">–</option>
          <option value="true">true</option>
          <option value="false">false</option>
        </select>
      ) : (
        <input
          {...common}
          type={type === 'date' ? 'date' : 'text'}
          {...(type === 'number'
            ? { inputMode: 'decimal' as const, pattern: '\\s*-?[0-9]*[.]?[0-9]*\\s*' }
            : {})}
        />
      )}
      {missing ? (
        <span className="small sql-missing" role="status">
          {say('missing')}
        </span>
      ) : null}
    </label>
  );
}
