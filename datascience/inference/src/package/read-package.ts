import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { sha256File } from './file-hash.js';
import { saysTabular, validateManifest, validateTabularManifest } from './manifest-schema.js';
import type { AnyManifest, TabularManifest } from './manifest.js';
import { ModelPackage } from './model-package.js';
import { PackageError } from './package-error.js';

/** The manifest's name within a package. */
export const MANIFEST_FILE = 'manifest.json';

/** How a package is read. */
export interface ReadPackageOptions {
  /** Whether every file's hash is checked; true unless told otherwise. */
  verify?: boolean;
}

/**
 * Reads the manifest of a category model's package and checks the hash of every file that it names.
 *
 * @throws PackageError where the folder, the manifest or a file is missing, malformed or altered, or where the model
 *   is of the tabular family
 */
export function readPackage(dir: string, options?: ReadPackageOptions): Promise<ModelPackage> {
  return read(dir, validateManifest, options);
}

/**
 * As `readPackage`, of a tabular model.
 *
 * @throws PackageError as `readPackage` does, and where the model is no tabular one
 */
export function readTabularPackage(
  dir: string,
  options?: ReadPackageOptions,
): Promise<ModelPackage<TabularManifest>> {
  return read(dir, validateTabularManifest, options);
}

/**
 * As `readPackage`, of a model of whichever family; `manifest.modality` tells which.
 *
 * @throws PackageError as `readPackage` does
 */
export function readAnyPackage(
  dir: string,
  options?: ReadPackageOptions,
): Promise<ModelPackage<AnyManifest>> {
  const validate = (value: unknown, where: string): AnyManifest =>
    saysTabular(value) ? validateTabularManifest(value, where) : validateManifest(value, where);
  return read(dir, validate, options);
}

async function read<M extends AnyManifest>(
  dir: string,
  validate: (value: unknown, where: string) => M,
  { verify = true }: ReadPackageOptions = {},
): Promise<ModelPackage<M>> {
  const root = resolve(dir);
  const pkg = new ModelPackage(root, validate(await readManifest(root), root));
  if (verify) await verifyFiles(pkg);
  return pkg;
}

async function readManifest(root: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(join(root, MANIFEST_FILE), 'utf8');
  } catch (cause) {
    throw new PackageError('package-missing', `${root} holds no readable ${MANIFEST_FILE}`, { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PackageError('manifest-invalid', `${root}: ${MANIFEST_FILE} is not valid JSON`, { cause });
  }
}

async function verifyFiles(pkg: ModelPackage<AnyManifest>): Promise<void> {
  const named = [pkg.manifest.network, ...pkg.manifest.processors].flatMap((spec) =>
    Object.values(spec.files),
  );
  const unhashed = named.find((file) => !(file in pkg.manifest.files));
  if (unhashed !== undefined) {
    throw new PackageError('manifest-invalid', `${pkg.dir}: no hash is recorded for ${unhashed}`);
  }
  for (const [file, expected] of Object.entries(pkg.manifest.files)) {
    const actual = await sha256File(pkg.path(file)).catch((cause: unknown) => {
      throw new PackageError('file-missing', `${pkg.dir}: ${file} cannot be read`, { cause });
    });
    if (actual !== expected) {
      throw new PackageError('hash-mismatch', `${pkg.dir}: ${file} is not the file that was packaged`);
    }
  }
}
