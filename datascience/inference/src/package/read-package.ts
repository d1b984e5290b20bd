import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { sha256File } from './file-hash.js';
import { validateManifest } from './manifest-schema.js';
import { ModelPackage } from './model-package.js';
import { PackageError } from './package-error.js';

/** The manifest's name within a package. */
export const MANIFEST_FILE = 'manifest.json';

/**
 * Reads a package's manifest and, unless told otherwise, checks the hash of every file that it names.
 *
 * @throws PackageError where the folder, the manifest or a file is missing, malformed or altered
 */
export async function readPackage(dir: string, options: { verify?: boolean } = {}): Promise<ModelPackage> {
  const root = resolve(dir);
  const pkg = new ModelPackage(root, validateManifest(await readManifest(root), root));
  if (options.verify ?? true) await verifyFiles(pkg);
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

async function verifyFiles(pkg: ModelPackage): Promise<void> {
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
