import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Lets a project's own files `import … from 'octavo'` wherever the project lies, and lets the
 * platform run as an installed package: Node refuses TypeScript below `node_modules`, so its
 * types are stripped here.
 */
export function registerModuleHook(): void {
  const door = new URL('../index.ts', import.meta.url).href;
  const home = new URL('../../', import.meta.url).href;
  const installed = home.includes('/node_modules/');
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'octavo'
        ? { url: door, format: 'module-typescript', shortCircuit: true }
        : next(specifier, context),
    load: (url, context, next) => {
      if (!installed || !url.startsWith(home) || !url.endsWith('.ts')) return next(url, context);
      const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8'));
      return { format: 'module', source, shortCircuit: true };
    },
  });
}
