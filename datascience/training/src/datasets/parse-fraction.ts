import { InvalidArgumentError } from 'commander';

/** Reads a fraction above 0 and below 1 from a flag. */
export function parseFraction(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value < 1)) {
    throw new InvalidArgumentError('must be a fraction above 0 and below 1, such as 0.8');
  }
  return value;
}
