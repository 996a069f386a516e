// Lets Octavo's own TypeScript run from an installed package: Node strips no types below `node_modules`. Preloaded
// into every process and worker thread of Octavo by the launcher, and only there.
import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

const home = new URL('../', import.meta.url).href;

registerHooks({
  load: (url, context, next) => {
    const path = url.startsWith(home) ? url.slice(home.length) : '';
    if (!/\.ts(\?|$)/.test(path) || path.startsWith('node_modules/')) return next(url, context);
    const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8'));
    return { format: 'module', source, shortCircuit: true };
  },
});
