import type { ProcessorSpec } from '../package/manifest.js';
import { PackageError } from '../package/package-error.js';

/**
 * Refuses a processor or network whose state is not what it must be.
 *
 * @throws PackageError `manifest-invalid` where the condition does not hold
 */
export function requireConfig(spec: ProcessorSpec, condition: boolean, what: string): asserts condition {
  if (!condition) throw new PackageError('manifest-invalid', `${spec.kind}: ${what}`);
}

/** Whether a parsed value is a list of that many finite numbers. */
export function isNumberList(value: unknown, length?: number): value is number[] {
  return (
    Array.isArray(value) &&
    (length === undefined || value.length === length) &&
    value.every((item) => Number.isFinite(item))
  );
}

/** Whether a parsed value is a list of strings. */
export function isStringList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
