/** One measured figure with what it is held against. */
export interface Figure {
  /** What was measured: `events loaded`. */
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** A bound that the figure is to keep; absent when it is only told. */
  readonly goal?: { readonly atLeast: number } | { readonly atMost: number };
  /** The least that is possible, or another program at the same work, from the same run; or several of them. */
  readonly floor?: Floor | readonly Floor[];
}

/** What a figure is held against. */
export interface Floor {
  readonly what: string;
  readonly value: number;
}

/** Prints a benchmark's figures: value, goal, and the floor with the ratio to it. */
export function report(title: string, figures: readonly Figure[], notes: readonly string[] = []): void {
  const lines = figures.flatMap((figure) => [figureLine(figure), ...floorLines(figure)]);
  const text = [title, ...lines, ...notes.map((note) => `  ${note}`)].join('\n');
  process.stdout.write(`${text}\n`);
}

/** True when the flag stands among the arguments, e.g. `--small` for a quick look. */
export function flag(name: string): boolean {
  return process.argv.includes(`--${name}`);
}

/** The value of `--name=value`. */
export function option(name: string): string | undefined {
  return process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
}

/** A number as people read it: thousands apart, and the digits that matter. */
export function readable(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

function figureLine({ what, value, unit, goal }: Figure): string {
  const text = `  ${what.padEnd(labelWidth)} ${readable(value).padStart(numberWidth)} ${unit}`;
  if (goal === undefined) return text;
  const [sign, bound, met] =
    'atLeast' in goal
      ? ['>=', goal.atLeast, value >= goal.atLeast]
      : ['<=', goal.atMost, value <= goal.atMost];
  return `${text.padEnd(goalColumn)} goal ${sign} ${readable(bound)}: ${met ? 'met' : 'MISSED'}`;
}

function floorLines({ value, unit, floor = [] }: Figure): readonly string[] {
  return [floor].flat().map((one) => {
    const text = `    floor: ${one.what}`.padEnd(labelWidth + 2);
    const ratio = (value / one.value).toPrecision(3);
    return `${`${text} ${readable(one.value).padStart(numberWidth)} ${unit}`.padEnd(goalColumn)} ratio ${ratio}`;
  });
}

const labelWidth = 44;
const numberWidth = 12;
const goalColumn = 76;
