/** Makes a function of one that may fail; where it fails it gives back an empty text. */
export type Guard = <A extends readonly unknown[], R>(act: (...values: A) => R) => (...values: A) => R;

/** @param debug - whether the page's developer is told what went wrong, in one line of the console each */
export function guardWith(debug: boolean | undefined): Guard {
  return <A extends readonly unknown[], R>(act: (...values: A) => R) =>
    (...values: A): R => {
      try {
        return act(...values);
      } catch (error) {
        // oxlint-disable-next-line no-console -- a page's console is where its developer looks
        if (debug) console.warn(`octavo: ${error as string}`);
        return '' as R;
      }
    };
}
