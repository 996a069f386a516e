import { OctavoError, parseDay, type BusinessDay } from '../base/index.ts';

/** Numbers that an option takes, both ends included. */
export interface NumberRange {
  readonly from: number;
  readonly to: number;
  /** Default true: fractions are refused. */
  readonly whole?: boolean;
}

/** A number given as an option. Errors: `argument_invalid` with the option and what is allowed. */
export function numberOption(name: string, text: string, range: NumberRange): number {
  const value = Number(text);
  const whole = range.whole ?? true;
  const fits =
    text.trim() !== '' && value >= range.from && value <= range.to && (!whole || Number.isInteger(value));
  if (fits) return value;
  const kind = whole ? 'a whole number' : 'a number';
  throw new OctavoError(
    'argument_invalid',
    `--${name} is '${text}', expected ${kind} from ${range.from} to ${range.to}`,
  );
}

/** The limit of a page. Errors: `argument_invalid`. */
export function limitOption(text: string): number {
  return numberOption('limit', text, { from: 1, to: rowsMax });
}

/** The port to listen on. Errors: `argument_invalid`. */
export function portOption(text: string): number {
  return numberOption('port', text, { from: 0, to: 65_535 });
}

/** A business day given as an option, if it was. Errors: `day_invalid` with the option. */
export function dayOption(name: string, text: string | undefined): BusinessDay | undefined {
  if (text === undefined) return undefined;
  try {
    return parseDay(text);
  } catch (cause) {
    throw new OctavoError('day_invalid', `--${name} is '${text}'`, { cause });
  }
}

const rowsMax = 10_000_000;
