/** A country as ISO 3166-1 writes it, out of what a proxy's header or a database says; undefined for what is none. */
export function countryCode(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const code = text.trim().toUpperCase();
  return /^[A-Z]{2}$/.test(code) && !noCountry.has(code) ? code : undefined;
}

/** Cloudflare's and others' words for nowhere: unknown, Tor, anonymous proxy, satellite, Europe, Asia. */
const noCountry = new Set(['XX', 'T1', 'A1', 'A2', 'EU', 'AP', 'ZZ', 'O1']);
