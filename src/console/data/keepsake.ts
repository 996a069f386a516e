type Key =
  | 'octavo.language'
  | 'octavo.theme'
  | 'octavo.recent'
  | 'octavo.navigation'
  | `octavo.sql.${string}`;

/** Remembers a choice of the reader on this device; a browser that refuses loses it with the page. */
export function keep(key: Key, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Private windows may have no storage.
  }
}

/** What was remembered. */
export function kept(key: Key): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}
