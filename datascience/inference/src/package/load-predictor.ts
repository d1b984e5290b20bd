import { loadFusionPredictor } from '../fusion/fusion-predictor.js';
import { loadImagePredictor } from '../image/image-predictor.js';
import type { Predictor } from '../predictor.js';
import { loadTabularPredictor, type TabularPredictor } from '../tabular/tabular-predictor.js';
import { loadTextPredictor } from '../text/text-predictor.js';
import type { AnyManifest, Modality, TabularManifest } from './manifest.js';
import type { ModelPackage } from './model-package.js';
import { readPackage } from './read-package.js';

const loaders: Record<Modality, (pkg: ModelPackage) => Promise<Predictor>> = {
  text: loadTextPredictor,
  image: loadImagePredictor,
  fusion: loadFusionPredictor,
};

/**
 * Loads the model of a package, ready to answer.
 *
 * @param source a folder, whose files are verified first, or a package that was read already
 * @throws PackageError where the package is damaged, or names a processor that this code does not have
 */
export async function loadPredictor(source: string | ModelPackage): Promise<Predictor> {
  const pkg = typeof source === 'string' ? await readPackage(source) : source;
  return loaders[pkg.manifest.modality](pkg);
}

/** A loaded model of either family; `isTabularPredictor` tells which. */
export type AnyPredictor = Predictor | TabularPredictor;

/**
 * As `loadPredictor`, of a model of whichever family.
 *
 * @throws PackageError as `loadPredictor` does
 */
export async function loadAnyPredictor(pkg: ModelPackage<AnyManifest>): Promise<AnyPredictor> {
  return pkg.manifest.modality === 'tabular'
    ? loadTabularPredictor(pkg as ModelPackage<TabularManifest>)
    : loadPredictor(pkg as ModelPackage);
}

/** Whether a loaded model answers about rows of fields, and not about products. */
export function isTabularPredictor(predictor: AnyPredictor): predictor is TabularPredictor {
  return predictor.manifest.modality === 'tabular';
}
