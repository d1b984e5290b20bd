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

/** Reads a share from a flag: more than 0 and less than 1. */
export function shareBetween0And1(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1) || text.trim() === '') {
    throw new InvalidArgumentError('must be a number between 0 and 1, both excluded');
  }
  return value;
}
