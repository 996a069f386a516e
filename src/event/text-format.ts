const dash = 45;

/** Whether the text is a UUID of any version in its canonical form; one pass, no regular expression. */
export function isUuidText(text: string): boolean {
  if (text.length !== 36) return false;
  for (let index = 0; index < 36; index++) {
    const code = text.charCodeAt(index);
    if (index === 8 || index === 13 || index === 18 || index === 23) {
      if (code !== dash) return false;
    } else if (!((code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 102))) return false;
  }
  return true;
}

/** Whether a UUID in small letters stands at the place; faster than making a text of it. */
export function isSmallUuidAt(bytes: Uint8Array, at: number): boolean {
  for (let index = 0; index < 36; index++) {
    const code = bytes[at + index] ?? 0;
    if (index === 8 || index === 13 || index === 18 || index === 23) {
      if (code !== dash) return false;
    } else if (!((code >= 48 && code <= 57) || (code >= 97 && code <= 102))) return false;
  }
  return true;
}

/** Whether the text names a kind: `[a-z][a-z0-9_]{0,39}`. */
export function isKindName(text: string): boolean {
  if (text.length === 0 || text.length > 40) return false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const letter = code >= 97 && code <= 122;
    if (!letter && (index === 0 || !((code >= 48 && code <= 57) || code === 95))) return false;
  }
  return true;
}

/** Whether the text names a part of a source: `[a-z0-9][a-z0-9_.-]{0,39}`. */
export function isSourcePart(text: string): boolean {
  return /^[a-z0-9][a-z0-9_.-]{0,39}$/.test(text);
}

/** Two decimal digits at an index, or -1. */
function twoDigits(text: string, index: number): number {
  const tens = text.charCodeAt(index) - 48;
  const ones = text.charCodeAt(index + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const instantLengthMax = 35;

/** Whether the text is an RFC 3339 instant with its zone, of the years 2000 to 2099; leap seconds are refused. */
export function isInstantText(text: string): boolean {
  if (text.length < 20 || text.length > instantLengthMax) return false;
  if (twoDigits(text, 0) !== 20 || text.charCodeAt(4) !== dash || text.charCodeAt(7) !== dash) return false;
  if ((text.charCodeAt(10) | 32) !== 116 || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58)
    return false;
  const year = twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (year < 0 || month < 1 || month > 12 || day < 1 || day > (monthDays[month - 1] ?? 0)) return false;
  if (month === 2 && day === 29 && year % 4 !== 0) return false;
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return false;
  let index = 19;
  if (text.charCodeAt(index) === 46) {
    const first = ++index;
    while (index < text.length && text.charCodeAt(index) >= 48 && text.charCodeAt(index) <= 57) index++;
    if (index === first || index - first > 9) return false;
  }
  return isZone(text, index);
}

function isZone(text: string, index: number): boolean {
  const sign = text.charCodeAt(index);
  if ((sign | 32) === 122) return text.length === index + 1;
  if (sign !== 43 && sign !== dash) return false;
  const hours = twoDigits(text, index + 1);
  const minutes = twoDigits(text, index + 4);
  return (
    text.length === index + 6 &&
    text.charCodeAt(index + 3) === 58 &&
    hours >= 0 &&
    hours < 24 &&
    minutes >= 0 &&
    minutes < 60
  );
}
