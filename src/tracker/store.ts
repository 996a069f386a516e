/** Texts by name, kept somewhere. Nothing in it throws. */
export interface Store {
  get(name: string): string | null;
  set(name: string, value: string): void;
  remove(name: string): void;
  names(): readonly string[];
}

/** Kept in the browser's storage; what finds no room there, or everything when there is none, as long as the page. */
export function createStore(storage?: Storage): Store {
  const map = new Map<string, string>();
  return {
    get: (name) => map.get(name) ?? storage?.getItem(name) ?? null,
    set: (name, value) => {
      map.set(name, value);
      try {
        storage?.setItem(name, value);
        if (storage) map.delete(name);
      } catch {
        // It is full.
      }
    },
    remove: (name) => {
      map.delete(name);
      storage?.removeItem(name);
    },
    names: () => [...map.keys(), ...Object.keys(storage ?? {})],
  };
}

/** The storage of a page's origin; undefined where it is blocked. */
export function storageOf(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}

/** Kept as cookies of the host, or of a domain, so that its subdomains see them too. */
export function cookieStore(domain: string | undefined, secure: boolean): Store {
  const put = (name: string, value: string, seconds: number): void => {
    const place = (domain ? `;domain=${domain}` : '') + (secure ? ';secure' : '');
    document.cookie = `${name}=${encodeURIComponent(value)};path=/;max-age=${seconds};samesite=lax${place}`;
  };
  return {
    get: (name) => {
      const found = `; ${document.cookie}`.split(`; ${name}=`)[1];
      return found ? decodeURIComponent(found.split(';', 1)[0] ?? '') : null;
    },
    set: (name, value) => put(name, value, yearSeconds),
    remove: (name) => put(name, '', 0),
    names: () => [],
  };
}

const yearSeconds = 31_536_000;
