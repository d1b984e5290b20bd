import {
  loadPredictor,
  PackageError,
  readPackage,
  runGoldenCheck,
  type Modality,
  type ModelManifest,
} from '@vitrine/inference';
import { SharedPredictor } from './shared-predictor.js';

/** A version that passed every check. */
export interface LoadedVersion {
  manifest: ModelManifest;
  shared: SharedPredictor;
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
  try {
    await runGoldenCheck(predictor, pkg);
  } catch (error) {
    await predictor.dispose();
    throw error;
  }
  return { manifest: pkg.manifest, shared: new SharedPredictor(predictor) };
}
