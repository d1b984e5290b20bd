import { join, normalize, isAbsolute, sep } from 'node:path';
import type { AnyManifest, ModelManifest } from './manifest.js';

/** A model package on disk whose manifest was read and validated. */
export class ModelPackage<M extends AnyManifest = ModelManifest> {
  constructor(
    /** Absolute path of the folder. */
    readonly dir: string,
    readonly manifest: M,
  ) {}

  /**
   * Absolute path of a file of the package.
   *
   * @throws Error where the relative path would leave the package.
   */
  path(relativePath: string): string {
    const clean = normalize(relativePath);
    if (isAbsolute(clean) || clean === '..' || clean.startsWith(`..${sep}`)) {
      throw new Error(`The path ${JSON.stringify(relativePath)} leaves the model package`);
    }
    return join(this.dir, clean);
  }
}
