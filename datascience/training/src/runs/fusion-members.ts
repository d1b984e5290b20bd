import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreError, type ModelStore } from '@vitrine/mlflow';
import type { Dataset } from '../datasets/dataset.js';
import { HELD_OUT_FILE, readHeldOut } from './held-out.js';
import { resolveModel } from './resolve-model.js';
import type { HeldOutPredictions } from './trainer.js';

/** A text or image model that a fusion head is trained over. */
export interface FusionMember {
  /** Its model package. */
  dir: string;
  runId: string;
  /** Its predictions for training rows that it had not seen. */
  heldOut: HeldOutPredictions;
}

/**
 * Fetches a member of a fusion model and the held-out predictions of its run.
 *
 * @throws Error where it is of another modality, or was trained on another data set: its predictions for our
 *   training rows would not be held out; where its run has no held-out predictions
 *
 * @param dataset what the fusion head is trained on: the same rows as the member's
 */
export async function resolveFusionMember(
  { store, environment }: { store: ModelStore; environment: { cacheDir: string } },
  uri: string,
  modality: 'text' | 'image',
  dataset: Dataset,
): Promise<FusionMember> {
  const model = await resolveModel(store, uri, environment.cacheDir);
  const { manifest } = model.package;
  if (manifest.modality !== modality)
    throw new Error(`${uri} is a model of ${manifest.modality}, not of ${modality}`);
  if (manifest.datasetHash !== dataset.hash) {
    throw new Error(
      `${uri} was trained on another data set, or with another --limit-rows or --seed: ` +
        `run train-${modality} on ${dataset.dir} with the same ones first`,
    );
  }
  const temporary = await mkdtemp(join(tmpdir(), 'vitrine-held-out-'));
  try {
    await fetchHeldOut(store, model.runId, temporary, { uri, modality, dataset });
    const heldOut = await readHeldOut(join(temporary, HELD_OUT_FILE), dataset);
    return { dir: model.package.dir, runId: model.runId, heldOut };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function fetchHeldOut(
  store: ModelStore,
  runId: string,
  destination: string,
  { uri, modality, dataset }: { uri: string; modality: string; dataset: Dataset },
): Promise<void> {
  try {
    await store.downloadArtifacts(runId, HELD_OUT_FILE, destination);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'RESOURCE_DOES_NOT_EXIST') throw error;
    throw new Error(
      `${uri}: its run ${runId} in ${store.location} has no ${HELD_OUT_FILE}, which a fusion head is trained on: ` +
        `run train-${modality} on ${dataset.dir} again, with --register, and name the new version`,
      { cause: error },
    );
  }
}
