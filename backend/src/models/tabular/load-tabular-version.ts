import {
  loadTabularPredictor,
  PackageError,
  readTabularPackage,
  runTabularGoldenCheck,
  type TabularManifest,
  type TabularPredictor,
  type TabularTask,
} from '@vitrine/inference';
import { shareChecked, type LoadedVersion } from '../host/load-version.js';

/** A tabular version that passed every check. */
export type TabularVersion = LoadedVersion<TabularPredictor, TabularManifest>;

/** Loads a package folder for a task; for any where it is null. */
export type LoadTabularVersion = (dir: string, task: TabularTask | null) => Promise<TabularVersion>;

/**
 * Verifies the hash of every file, loads the model and asks it its golden questions.
 *
 * @throws PackageError where any of it fails; nothing stays loaded then
 */
export async function loadTabularVersion(dir: string, task: TabularTask | null): Promise<TabularVersion> {
  const pkg = await readTabularPackage(dir);
  if (task !== null && pkg.manifest.task !== task) {
    throw new PackageError('manifest-invalid', `${dir}: ${pkg.manifest.task} where ${task} must be`);
  }
  const predictor = await loadTabularPredictor(pkg);
  const shared = await shareChecked(predictor, () => runTabularGoldenCheck(predictor, pkg));
  return { manifest: pkg.manifest, shared };
}
