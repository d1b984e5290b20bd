import { checkModelName, checkName } from '../names.js';

/**
 * A name as a file's name: what a file system could misread is percent-encoded.
 *
 * @throws StoreError `INVALID_PARAMETER_VALUE` where it is empty, too long, or `.` or `..`
 */
export function encodeName(kind: string, name: string): string {
  checkName(kind, name);
  return encodeURIComponent(name);
}

/** The name that `encodeName` encoded. */
export function decodeName(fileName: string): string {
  return decodeURIComponent(fileName);
}

/** A registered model's name as a folder's name. */
export function encodeModelName(name: string): string {
  checkModelName(name);
  return encodeURIComponent(name);
}
