import {
  loadPredictor,
  PackageError,
  readPackage,
  runGoldenCheck,
  type Modality,
  type ModelManifest,
  type Predictor,
} from '@vitrine/inference';
import { SharedPredictor, type Releasable } from './shared-predictor.js';

/** A version that passed every check. */
export interface LoadedVersion<P extends Releasable = Predictor, M = ModelManifest> {
  manifest: M;
  shared: SharedPredictor<P>;
}

/** Loads a package folder for one modality. */
export type LoadVersion = (dir: string, modality: Modality) => Promise<LoadedVersion>;

/**
 * Verifies the hash of every file, loads the model and asks it its golden questions.
 *
 * @throws PackageError where any of it fails; nothing stays loaded then
 */
export async function loadVersion(dir: string, modality: Modality): Promise<LoadedVersion> {
  const pkg = await readPackage(dir);
  if (pkg.manifest.modality !== modality) {
    throw new PackageError('manifest-invalid', `${dir}: ${pkg.manifest.modality} where ${modality} must be`);
  }
  const predictor = await loadPredictor(pkg);
  return {
    manifest: pkg.manifest,
    shared: await shareChecked(predictor, () => runGoldenCheck(predictor, pkg)),
  };
}

/** Shares a predictor that passes a check; disposes one that does not. */
export async function shareChecked<P extends Releasable>(
  predictor: P,
  check: () => Promise<unknown>,
): Promise<SharedPredictor<P>> {
  try {
    await check();
  } catch (error) {
    await predictor.dispose();
    throw error;
  }
  return new SharedPredictor(predictor);
}
