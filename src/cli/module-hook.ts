import { registerHooks } from 'node:module';

/**
 * Lets a project's own files `import … from 'octavo'` wherever the project lies, and be modules whatever the nearest
 * `package.json` says: `npm init` writes one that would make them CommonJS.
 */
export function registerModuleHook(): void {
  const door = new URL('../index.ts', import.meta.url).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'octavo'
        ? { url: door, format: 'module-typescript', shortCircuit: true }
        : next(specifier, context),
    load: (url, context, next) =>
      /\.ts(\?|$)/.test(url) && context.format !== 'module-typescript'
        ? next(url, { ...context, format: 'module-typescript' })
        : next(url, context),
  });
}
