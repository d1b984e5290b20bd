import { readFile } from 'node:fs/promises';
import type { Predictor, ProductInput } from '../predictor.js';
import type { GoldenCase, GoldenFile } from './manifest.js';
import type { ModelPackage } from './model-package.js';
import { PackageError } from './package-error.js';

/** The golden file's name within a package. */
export const GOLDEN_FILE = 'golden.json';

/**
 * A probability may differ by this much between machines: float32 sums in another order move one by some 1e-6,
 * a wrong file or another image decoder by far more than 1e-3.
 */
export const GOLDEN_TOLERANCE = 1e-3;

/** What a golden self-check found. */
export interface GoldenResult {
  cases: number;
  /** Largest absolute difference of any probability. */
  maxDifference: number;
}

/**
 * Asks a freshly loaded model the package's golden questions and compares its answers with the recorded ones.
 *
 * @throws PackageError `golden-mismatch` where any probability is off by more than the tolerance
 */
export async function runGoldenCheck(predictor: Predictor, pkg: ModelPackage): Promise<GoldenResult> {
  const golden = await readGolden(pkg);
  let maxDifference = 0;
  for (const [i, golden_] of golden.cases.entries()) {
    const [answer] = await predictor.predict([await toInput(golden_, pkg)]);
    const difference = largestDifference(answer?.probabilities ?? [], golden_.probabilities);
    // `!(a <= b)` and not `a > b`: NaN must fail.
    if (!(difference <= golden.tolerance)) {
      throw new PackageError(
        'golden-mismatch',
        `${pkg.dir}: golden case ${i} is off by ${difference} where ${golden.tolerance} is allowed`,
      );
    }
    maxDifference = Math.max(maxDifference, difference);
  }
  return { cases: golden.cases.length, maxDifference };
}

async function readGolden(pkg: ModelPackage): Promise<GoldenFile> {
  try {
    const golden = JSON.parse(await readFile(pkg.path(GOLDEN_FILE), 'utf8')) as GoldenFile;
    if (!Array.isArray(golden.cases) || golden.cases.length === 0 || typeof golden.tolerance !== 'number') {
      throw new TypeError('no cases');
    }
    return golden;
  } catch (cause) {
    throw new PackageError('file-invalid', `${pkg.dir}: ${GOLDEN_FILE} cannot be used`, { cause });
  }
}

async function toInput(golden: GoldenCase, pkg: ModelPackage): Promise<ProductInput> {
  return {
    designation: golden.designation,
    description: golden.description,
    image: golden.image === null ? null : await readFile(pkg.path(golden.image)),
  };
}

function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs((actual[i] as number) - (expected[i] as number));
    if (Number.isNaN(difference)) return NaN;
    largest = Math.max(largest, difference);
  }
  return largest;
}
