import { readFile } from 'node:fs/promises';
import type { Predictor, ProductInput } from '../predictor.js';
import type { TabularPredictor } from '../tabular/tabular-predictor.js';
import type { AnyManifest, GoldenCase, GoldenFile, TabularGoldenFile, TabularManifest } from './manifest.js';
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
export function runGoldenCheck(predictor: Predictor, pkg: ModelPackage): Promise<GoldenResult> {
  return compare<GoldenFile>(pkg, async (golden) => {
    const [answer] = await predictor.predict([await toInput(golden, pkg)]);
    return answer?.probabilities ?? [];
  });
}

/**
 * As `runGoldenCheck`, of a tabular model.
 *
 * @throws PackageError `golden-mismatch` where any probability is off by more than the tolerance
 */
export function runTabularGoldenCheck(
  predictor: TabularPredictor,
  pkg: ModelPackage<TabularManifest>,
): Promise<GoldenResult> {
  return compare<TabularGoldenFile>(pkg, async ({ row }) => {
    const [answer] = await predictor.predict([row]);
    return answer?.probabilities ?? [];
  });
}

async function compare<G extends GoldenFile | TabularGoldenFile>(
  pkg: ModelPackage<AnyManifest>,
  ask: (golden: G['cases'][number]) => Promise<ArrayLike<number>>,
): Promise<GoldenResult> {
  const { cases, tolerance } = await readGolden<G>(pkg);
  let maxDifference = 0;
  for (const [i, golden] of cases.entries()) {
    const difference = largestDifference(await ask(golden), golden.probabilities);
    // `!(a <= b)` and not `a > b`: NaN must fail.
    if (!(difference <= tolerance)) {
      throw new PackageError(
        'golden-mismatch',
        `${pkg.dir}: golden case ${i} is off by ${difference} where ${tolerance} is allowed`,
      );
    }
    maxDifference = Math.max(maxDifference, difference);
  }
  return { cases: cases.length, maxDifference };
}

async function readGolden<G extends GoldenFile | TabularGoldenFile>(
  pkg: ModelPackage<AnyManifest>,
): Promise<G> {
  try {
    const golden = JSON.parse(await readFile(pkg.path(GOLDEN_FILE), 'utf8')) as G;
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
