const [quote, backslash, space] = [34, 92, 32];

/**
 * The place of the quote that ends a text whose first letter is at `at`: negative where there are letters beyond ASCII, 0 for
 * one with escapes or without an end.
 */
export function textEnd(body: Uint8Array, at: number): number {
  let letters = 0;
  for (; at < body.length; at++) {
    const code = body[at] ?? 0;
    if (code === quote) return letters < 128 ? at : -at;
    if (code === backslash || code < space) return 0;
    letters |= code;
  }
  return 0;
}

/** Most digits that a number keeps exactly. */
const digitsMax = 15;
/** After `0.`; a smaller number is written with an exponent. */
const smallDigitsMax = 6;

/** The place after a number within its bounds, written as JavaScript writes it: without sign and exponent; -1 for another. */
export function numberEnd(
  body: Uint8Array,
  at: number,
  rule: { readonly type: string; readonly min: number; readonly max: number },
): number {
  const start = at;
  let value = 0;
  for (; isDigit(body[at]); at++) value = value * 10 + ((body[at] ?? 0) - 48);
  const whole = at - start;
  if (whole === 0 || whole > digitsMax || (whole > 1 && body[start] === 48)) return -1;
  if (body[at] === 46) {
    const first = ++at;
    while (isDigit(body[at])) at++;
    const part = at - first;
    if (rule.type === 'integer' || part === 0 || body[at - 1] === 48 || whole + part > digitsMax) return -1;
    if (body[start] === 48 && part > smallDigitsMax) return -1;
    value += 0.5;
  }
  // With a part after the point it is between two whole numbers, as the bounds are.
  return value >= rule.min && value <= rule.max ? at : -1;
}

function isDigit(code: number | undefined): boolean {
  return code !== undefined && code >= 48 && code <= 57;
}

/** The place after the object or list that begins at `at`, by its brackets; -1 without an end. What is in it is not judged. */
export function valueEnd(body: Uint8Array, at: number): number {
  let depth = 0;
  for (; at < body.length; at++) {
    const code = body[at];
    if (code === quote) {
      for (at++; at < body.length && body[at] !== quote; at++) if (body[at] === backslash) at++;
    } else if (code === 123 || code === 91) depth++;
    else if ((code === 125 || code === 93) && --depth === 0) return at + 1;
  }
  return -1;
}
