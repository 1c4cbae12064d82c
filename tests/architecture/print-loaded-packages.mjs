// Preloaded (--import): prints, when the process ends, the packages of which it has loaded a module.
import { writeSync } from 'node:fs';
import { registerHooks } from 'node:module';

const loaded = new Set();

registerHooks({
  load(url, context, next) {
    const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
    if (name) loaded.add(name);
    return next(url, context);
  },
});

process.on('exit', () => writeSync(1, `\nLoaded: ${[...loaded].sort().join(' ')}\n`));
