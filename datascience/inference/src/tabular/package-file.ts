import { readFile } from 'node:fs/promises';
import { unpackArrays, type UnpackedArrays } from '../common/array-file.js';
import type { ProcessorSpec, TabularManifest } from '../package/manifest.js';
import type { ModelPackage } from '../package/model-package.js';
import { PackageError } from '../package/package-error.js';
import { roleFile } from '../text/packed-file.js';

/**
 * Reads a processor's or network's file of arrays and makes something of it.
 *
 * @param build throws where the arrays are not what they must be
 * @throws PackageError `manifest-invalid` where the manifest names no file of the role, `file-missing` where it cannot
 *   be read, `file-invalid` where `build` throws
 */
export async function readArrays<T>(
  pkg: ModelPackage<TabularManifest>,
  spec: ProcessorSpec,
  role: string,
  build: (arrays: UnpackedArrays) => T,
): Promise<T> {
  const file = roleFile(spec, role);
  const bytes = await readFile(pkg.path(file)).catch((cause: unknown) => {
    throw new PackageError('file-missing', `${file} of the package cannot be read`, { cause });
  });
  try {
    // A small file may share a pool and start at any byte: typed arrays need their own memory, aligned.
    return build(unpackArrays(new Uint8Array(bytes).buffer));
  } catch (cause) {
    const reason = cause instanceof Error ? `: ${cause.message}` : '';
    throw new PackageError('file-invalid', `${file} of the package cannot be used${reason}`, { cause });
  }
}
