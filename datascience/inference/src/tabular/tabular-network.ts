import type { TabularManifest } from '../package/manifest.js';
import type { ModelPackage } from '../package/model-package.js';
import { PackageError } from '../package/package-error.js';
import { DECISION_FORESTS_KIND, DECISION_FORESTS_VERSION, loadDecisionForests } from './decision-forests.js';
import { LINEAR_TABULAR_KIND, LINEAR_TABULAR_VERSION, readLinearTabular } from './linear-tabular.js';

/** The part of a tabular model that turns columns into probabilities. */
export interface TabularNetwork {
  /**
   * @param columns one row, in the order of the processors' columns; NaN means missing
   * @returns one probability a category, summing to 1
   */
  probabilities(columns: Float32Array): Float64Array;
}

/** Reads a network of a package that reads `width` columns. */
type Loader = (pkg: ModelPackage<TabularManifest>, width: number) => Promise<TabularNetwork>;

const loaders = new Map<string, Loader>([
  [keyOf(DECISION_FORESTS_KIND, DECISION_FORESTS_VERSION), loadDecisionForests],
  [
    keyOf(LINEAR_TABULAR_KIND, LINEAR_TABULAR_VERSION),
    async ({ manifest }, width) => readLinearTabular(manifest.network, width, manifest.categories.length),
  ],
]);

/**
 * Loads the network of a package.
 *
 * @param width columns that the processors write
 * @throws PackageError `processor-unknown` for a kind or version that this code does not have, `manifest-invalid`,
 *   `file-missing` or `file-invalid` where its state is not what it must be
 */
export async function loadNetwork(
  pkg: ModelPackage<TabularManifest>,
  width: number,
): Promise<TabularNetwork> {
  const { kind, version } = pkg.manifest.network;
  const load = loaders.get(keyOf(kind, version));
  if (load) return load(pkg, width);
  throw new PackageError(
    'processor-unknown',
    `The model needs the network ${kind} version ${version}, which this code does not have`,
  );
}

function keyOf(kind: string, version: number): string {
  return `${kind} ${version}`;
}
