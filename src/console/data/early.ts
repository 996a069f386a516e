declare global {
  interface Window {
    /** Requests that the page sent before any code of the console was there, by address. */
    octavoEarly?: Record<string, Promise<Response>>;
  }
}

/** The answer to a request that the page itself has sent already; each is given once. */
export function takeEarly(address: string): Promise<Response> | undefined {
  const early = window.octavoEarly;
  const answer = early?.[address];
  if (early !== undefined) delete early[address];
  return answer;
}
