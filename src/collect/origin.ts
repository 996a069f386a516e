import { OctavoError } from '../base/index.ts';

/**
 * An origin as browsers send it: scheme, host and port. `https://*.store.example` stands for every name below it.
 * Errors: `argument_invalid`.
 */
export function toOrigin(text: string): string {
  const wild = /^(https?:\/\/)\*\./i.exec(text);
  const plain = wild === null ? text : text.replace('*.', '');
  const url = URL.canParse(plain) ? new URL(plain) : undefined;
  const rest = url === undefined ? '' : url.pathname + url.search + url.hash;
  if (url === undefined || !/^https?:$/.test(url.protocol) || rest !== '/' || url.username !== '')
    throw new OctavoError('argument_invalid', `origin '${text}', expected one such as https://store.example`);
  return wild === null ? url.origin : `${url.protocol}//*.${url.host}`;
}

/** Whether one of the origins of a key is this one. */
export function hasOrigin(origins: readonly string[], origin: string): boolean {
  return origins.some((one) => {
    const star = one.indexOf('*');
    if (star < 0) return one === origin;
    const [scheme, below] = [one.slice(0, star), one.slice(star + 1)];
    const name = origin.slice(scheme.length, -below.length);
    return origin.startsWith(scheme) && origin.endsWith(below) && /^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(name);
  });
}
