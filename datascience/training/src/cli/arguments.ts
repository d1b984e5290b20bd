import { InvalidArgumentError } from 'commander';

/** Reads a whole number of at least `minimum` from a flag. */
export function integerAtLeast(minimum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < minimum || text.trim() === '') {
      throw new InvalidArgumentError(`must be a whole number of at least ${minimum}`);
    }
    return value;
  };
}
