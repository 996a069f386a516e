/** Keeps what somebody is writing as long as this window lives: it may hold what is personal, so no other window reads it. */
export function keepDraft(name: string, text: string | undefined): void {
  try {
    if (text === undefined) sessionStorage.removeItem(keyOf(name));
    else sessionStorage.setItem(keyOf(name), text);
  } catch {
    // A browser that refuses loses it with the page.
  }
}

/** What was written. */
export function keptDraft(name: string): string | undefined {
  try {
    return sessionStorage.getItem(keyOf(name)) ?? undefined;
  } catch {
    return undefined;
  }
}

function keyOf(name: string): string {
  return `octavo.draft.${name}`;
}
