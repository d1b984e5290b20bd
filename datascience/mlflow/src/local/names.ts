import { normalize, isAbsolute, sep } from 'node:path';
import { StoreError } from '../store.js';

const MAX_NAME_LENGTH = 250;

/**
 * A name as a file's name: what a file system could misread is percent-encoded.
 *
 * @throws StoreError `INVALID_PARAMETER_VALUE` where it is empty, too long, or `.` or `..`
 */
export function encodeName(kind: string, name: string): string {
  if (name === '' || name === '.' || name === '..' || name.length > MAX_NAME_LENGTH || name.includes('\0')) {
    throw new StoreError(
      'INVALID_PARAMETER_VALUE',
      `${JSON.stringify(name.slice(0, 80))} cannot be a ${kind}`,
    );
  }
  return encodeURIComponent(name);
}

/** The name that `encodeName` encoded. */
export function decodeName(fileName: string): string {
  return decodeURIComponent(fileName);
}

/** A registered model's name as a folder's name; MLflow forbids `/` and `:` because URIs use them. */
export function encodeModelName(name: string): string {
  if (/[/:]/.test(name)) {
    throw new StoreError('INVALID_PARAMETER_VALUE', `A model's name cannot hold "/" or ":": ${name}`);
  }
  return encodeName('model name', name);
}

/**
 * A path within a run's artifacts, cleaned; '' is the root.
 *
 * @throws StoreError `INVALID_PARAMETER_VALUE` where it would leave the run
 */
export function artifactPathWithin(path: string): string {
  if (path === '') return '';
  const clean = normalize(path);
  if (isAbsolute(clean) || clean === '..' || clean.startsWith(`..${sep}`) || clean.includes('\0')) {
    throw new StoreError(
      'INVALID_PARAMETER_VALUE',
      `The artifact path ${JSON.stringify(path)} leaves the run`,
    );
  }
  return clean === '.' ? '' : clean;
}
