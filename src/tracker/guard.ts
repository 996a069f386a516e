/** Tells a page's developer, in one line of the console, what went wrong; nobody else. */
export type Warn = (trouble: unknown) => void;

/** Makes a function of one that may fail; where it fails it tells that and gives back an empty text. */
export type Guard = <A extends readonly unknown[], R>(act: (...values: A) => R) => (...values: A) => R;

/** @param debug - whether anything is told */
export function warner(debug: boolean | undefined): Warn {
  return (trouble) => {
    if (debug) console.warn(`octavo: ${trouble}`);
  };
}

export function guardWith(warn: Warn): Guard {
  return <A extends readonly unknown[], R>(act: (...values: A) => R) =>
    (...values: A): R => {
      try {
        return act(...values);
      } catch (error) {
        warn(error);
        return '' as R;
      }
    };
}
