/** Why a model package was refused. */
export type PackageErrorCode =
  | 'package-missing' // no folder, or no manifest in it
  | 'manifest-invalid' // not JSON, truncated, or a field is missing or of the wrong type
  | 'processor-unknown' // a kind or version that this code does not have
  | 'file-missing'
  | 'hash-mismatch'
  | 'file-invalid' // a network or processor file that does not hold what the manifest says
  | 'golden-mismatch'; // other probabilities than at packaging time

/** A model package that must not serve. */
export class PackageError extends Error {
  constructor(
    readonly code: PackageErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'PackageError';
  }
}
