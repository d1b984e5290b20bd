import { readFile } from 'node:fs/promises';
import type { ProcessorSpec } from '../package/manifest.js';
import type { ModelPackage } from '../package/model-package.js';
import { PackageError } from '../package/package-error.js';

/**
 * Refuses a processor or network that this code does not have.
 *
 * @param earlierVersions that this code reads too
 * @throws PackageError `processor-unknown`
 */
export function requireKind(
  spec: ProcessorSpec,
  kind: string,
  version: number,
  earlierVersions: readonly number[] = [],
): void {
  if (spec.kind === kind && (spec.version === version || earlierVersions.includes(spec.version))) return;
  throw new PackageError(
    'processor-unknown',
    `The text model needs ${spec.kind} version ${spec.version}; this code has ${kind} version ${version}`,
  );
}

/**
 * A whole number of at least 1 from a config.
 *
 * @throws PackageError `manifest-invalid`
 */
export function requirePositiveInteger(spec: ProcessorSpec, key: string): number {
  const value = spec.config[key];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw new PackageError('manifest-invalid', `${spec.kind}: "${key}" must be a positive integer`);
}

/**
 * The path of a processor's file by its role.
 *
 * @throws PackageError `manifest-invalid` where the manifest names none
 */
export function roleFile(spec: ProcessorSpec, role: string): string {
  const file = spec.files[role];
  if (file) return file;
  throw new PackageError('manifest-invalid', `${spec.kind}: the manifest names no file of role "${role}"`);
}

/**
 * Reads a file of typed arrays of a package whole, into memory of its own.
 *
 * @param expectedBytes what the config says it holds
 * @throws PackageError `file-missing` where it cannot be read, `file-invalid` where its size is another
 */
export async function readPackedFile(
  pkg: ModelPackage,
  relativePath: string,
  expectedBytes: number,
): Promise<ArrayBuffer> {
  const file = await readFile(pkg.path(relativePath)).catch((error: unknown) => {
    throw new PackageError('file-missing', `${relativePath} of the package cannot be read`, { cause: error });
  });
  if (file.byteLength !== expectedBytes) {
    throw new PackageError(
      'file-invalid',
      `${relativePath} holds ${file.byteLength} bytes, its config says ${expectedBytes}`,
    );
  }
  // A small file may share a pool and start at any byte: typed arrays need their own, aligned.
  const buffer = new ArrayBuffer(file.byteLength);
  new Uint8Array(buffer).set(file);
  return buffer;
}
