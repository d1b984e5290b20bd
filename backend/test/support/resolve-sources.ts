import { existsSync } from 'node:fs';
import Module from 'node:module';
import { dirname, resolve } from 'node:path';

type Resolve = (request: string, parent?: { filename?: string | null }, ...rest: unknown[]) => string;

/**
 * jest transforms what its global setup requires but does not apply `moduleNameMapper` to it: here the `.js` of a
 * relative import finds the `.ts` it stands for.
 */
export function resolveSources(): void {
  const loader = Module as unknown as { _resolveFilename: Resolve };
  const original = loader._resolveFilename;
  loader._resolveFilename = (request, parent, ...rest) => {
    if (/^\.{1,2}\/.*\.js$/.test(request) && parent?.filename) {
      const source = resolve(dirname(parent.filename), request).replace(/\.js$/, '.ts');
      if (existsSync(source)) {
        return source;
      }
    }
    return original.call(loader, request, parent, ...rest);
  };
}
