import type { ApiServer } from './context.ts';

/** The methods that an address (without its query) answers to, of every registered route. */
export type KnownMethods = (path: string) => readonly string[];

/** Notes each route as it is registered; call it before the first one. */
export function watchMethods(server: ApiServer): KnownMethods {
  const routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];
  server.addHook('onRoute', ({ url, method }) => {
    routes.push({ pattern: patternOf(url), methods: [method].flat() });
  });
  return (path) => [
    ...new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods)),
  ];
}

/** `/v1/lists/:list` and `/assets/*` as a regular expression. */
function patternOf(url: string): RegExp {
  const escaped = url.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll(/:\w+/g, '[^/]+').replaceAll('*', '.*')}/?$`);
}
