import type { NamedVersion } from './operating-system.ts';

const pad =
  /^mozilla\/5\.0 \(macintosh;.*(?:\bmobile\/\w|\b(?:crios|fxios|focus|edgios|opios|opt|gsa)\/|\bnaver\(inapp|\(inapp\)|\bfbsn\/ip)/i;

/** An iPad that asks for the pages of a desk: a Macintosh is not mobile, and has none of the browsers and apps of iOS. */
export function isDesktopPad(userAgent: string): boolean {
  return pad.test(userAgent);
}

/** The system of an iPad that calls itself Macintosh: the version behind that name is frozen, Safari's is that of iPadOS. */
export function desktopPadSystem(userAgent: string): NamedVersion {
  const version = /\bfbsv\/([\d.]+)|\bversion\/([\d.]+)/i.exec(userAgent);
  const told = version?.[1] ?? version?.[2];
  return told === undefined ? { name: 'iOS' } : { name: 'iOS', version: told };
}

/** What an app's own requests say by `CFNetwork/1474 Darwin/23.0.0`: the kernel's version, and whether it is a Mac's. */
export function darwinOf(
  userAgent: string,
): { readonly desk: boolean; readonly system: NamedVersion } | undefined {
  const found = /\bcfnetwork\/[\d.]+ darwin\/(\d+)\.(\d+)/i.exec(userAgent);
  if (found === null) return undefined;
  const major = Number(found[1]);
  const minor = Number(found[2]);
  // Macs of today don't say so: without a word of it, it is one of the far more telephones.
  const desk = /x86_64|macintosh|\bmac ?os|\bmac(?:book|mini|pro)?\d/i.test(userAgent);
  const version = desk ? macVersion(major) : phoneVersion(major, minor);
  return { desk, system: { name: desk ? 'macOS' : 'iOS', version } };
}

/** iOS 18 has Darwin 24, iOS 26 has 25; since iOS 15 its second number is Darwin's. */
function phoneVersion(major: number, minor: number): string {
  const version = major >= 25 ? major + 1 : major - 6;
  return major >= 21 ? `${version}.${minor}` : String(version);
}

/** macOS 15 has Darwin 24, macOS 26 has 25, 10.15 had 19. */
function macVersion(major: number): string {
  if (major >= 25) return String(major + 1);
  return major >= 20 ? String(major - 9) : `10.${major - 4}`;
}
