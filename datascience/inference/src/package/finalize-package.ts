import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Predictor, ProductInput } from '../predictor.js';
import type { TabularPredictor } from '../tabular/tabular-predictor.js';
import type { TabularRow } from '../tabular/tabular-row.js';
import { listFiles, sha256File } from './file-hash.js';
import { GOLDEN_FILE, GOLDEN_TOLERANCE } from './golden.js';
import type {
  AnyManifest,
  GoldenCase,
  GoldenFile,
  ModelManifest,
  TabularGoldenCase,
  TabularGoldenFile,
  TabularManifest,
} from './manifest.js';
import { MLMODEL_FILE, renderMlModel } from './mlmodel.js';
import { ModelPackage } from './model-package.js';
import { MANIFEST_FILE } from './read-package.js';

/** Everything of the manifest but the hashes, which are computed here. */
export type ManifestDraft = Omit<ModelManifest, 'schemaVersion' | 'task' | 'createdAt' | 'files'>;

/** Everything of a tabular model's manifest but the hashes. */
export type TabularManifestDraft = Omit<
  TabularManifest,
  'schemaVersion' | 'modality' | 'createdAt' | 'files'
>;

/**
 * Opens a folder that holds a network and processor files as a package that is not finished: no golden file, no
 * hashes. A trainer evaluates it through the same predictor that will serve it.
 */
export function draftPackage(dir: string, draft: ManifestDraft): ModelPackage {
  return new ModelPackage(resolve(dir), {
    schemaVersion: 1,
    task: 'product-category',
    createdAt: new Date().toISOString(),
    ...draft,
    files: {},
  });
}

/**
 * Finishes a package in place: asks the model the golden questions, writes their answers, the hash of every file,
 * `MLmodel` and, last, the manifest: a folder without one is not a package.
 *
 * @param pkg from `draftPackage`, with the final metrics and calibration in its manifest
 * @param predictor the model of that folder
 * @param goldenInputs raw inputs, at least one; photos are copied into the package
 */
export async function finalizePackage(
  pkg: ModelPackage,
  predictor: Predictor,
  goldenInputs: readonly ProductInput[],
): Promise<ModelPackage> {
  if (goldenInputs.length === 0) throw new RangeError('A package needs at least one golden input');
  return finish(pkg, await buildGolden(pkg, predictor, goldenInputs));
}

/**
 * As `draftPackage`, of a tabular model.
 *
 * @param draft everything of its manifest but the hashes
 */
export function draftTabularPackage(dir: string, draft: TabularManifestDraft): ModelPackage<TabularManifest> {
  return new ModelPackage(resolve(dir), {
    schemaVersion: 1,
    modality: 'tabular',
    createdAt: new Date().toISOString(),
    ...draft,
    files: {},
  });
}

/**
 * As `finalizePackage`, of a tabular model.
 *
 * @param goldenRows raw rows, at least one; they are kept as JSON holds them
 */
export async function finalizeTabularPackage(
  pkg: ModelPackage<TabularManifest>,
  predictor: TabularPredictor,
  goldenRows: readonly TabularRow[],
): Promise<ModelPackage<TabularManifest>> {
  if (goldenRows.length === 0) throw new RangeError('A package needs at least one golden row');
  const cases: TabularGoldenCase[] = [];
  for (const goldenRow of goldenRows) {
    const row = JSON.parse(JSON.stringify(goldenRow)) as TabularGoldenCase['row'];
    const [answer] = await predictor.predict([row]);
    cases.push({ row, probabilities: [...(answer?.probabilities ?? [])] });
  }
  return finish(pkg, { tolerance: GOLDEN_TOLERANCE, cases });
}

async function finish<M extends AnyManifest>(
  pkg: ModelPackage<M>,
  golden: GoldenFile | TabularGoldenFile,
): Promise<ModelPackage<M>> {
  await writeFile(pkg.path(GOLDEN_FILE), JSON.stringify(golden));
  const files: Record<string, string> = {};
  for (const file of await listFiles(pkg.dir)) {
    if (file !== MANIFEST_FILE && file !== MLMODEL_FILE) files[file] = await sha256File(join(pkg.dir, file));
  }
  const manifest: M = { ...pkg.manifest, files };
  await writeFile(pkg.path(MLMODEL_FILE), renderMlModel(manifest));
  await writeFile(pkg.path(MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  return new ModelPackage(pkg.dir, manifest);
}

async function buildGolden(
  pkg: ModelPackage,
  predictor: Predictor,
  inputs: readonly ProductInput[],
): Promise<GoldenFile> {
  await mkdir(pkg.path('golden'), { recursive: true });
  const cases: GoldenCase[] = [];
  for (const [i, input] of inputs.entries()) {
    const [answer] = await predictor.predict([input]);
    if (!answer) throw new Error(`The model gave no answer to golden input ${i}`);
    const image = input.image ? `golden/${i}.image` : null;
    if (image && input.image) await writeFile(pkg.path(image), input.image);
    cases.push({
      designation: input.designation ?? null,
      description: input.description ?? null,
      image,
      probabilities: [...answer.probabilities],
    });
  }
  return { tolerance: GOLDEN_TOLERANCE, cases };
}
