import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../datasets/atomic-write.js';

/** A trainer's checkpoint folder, bound to what is being trained. */
export interface Checkpoint {
  dir: string;
  /** Names the folder's training, before there is a run of it and after. */
  token: string;
  /** The run that the interrupted training belongs to, or null where there is none yet. */
  runId: string | null;
  /** Binds the folder to a run. */
  bind(runId: string): Promise<void>;
  /** Adds seconds of training; resolves with those of this and earlier, interrupted trainings. */
  addTrainSeconds(seconds: number): Promise<number>;
  remove(): Promise<void>;
}

interface CheckpointRecord {
  key: string;
  token: string;
  runId: string | null;
  trainSeconds: number;
}

/**
 * Opens the checkpoint folder of an output folder. One that belongs to another data set or other options is emptied:
 * resuming from it would mix two models.
 *
 * @param identity everything that changes the result of the training
 */
export async function openCheckpoint(outputDir: string, identity: unknown): Promise<Checkpoint> {
  const dir = join(outputDir, '.checkpoint');
  const recordFile = join(dir, 'identity.json');
  const key = createHash('sha256').update(JSON.stringify(identity)).digest('hex');
  const found = await readRecord(recordFile);
  let record = found?.key === key ? found : { key, token: randomUUID(), runId: null, trainSeconds: 0 };
  const update = async (change: Partial<CheckpointRecord>) => {
    record = { ...record, ...change };
    await writeFileAtomically(recordFile, JSON.stringify(record));
  };
  if (record !== found) {
    await rm(dir, { recursive: true, force: true });
    await mkdir(dir, { recursive: true });
    await update({});
  }
  return {
    dir,
    token: record.token,
    runId: record.runId,
    bind: (runId) => update({ runId }),
    addTrainSeconds: async (seconds) => {
      await update({ trainSeconds: record.trainSeconds + seconds });
      return record.trainSeconds;
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}

async function readRecord(file: string): Promise<CheckpointRecord | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as CheckpointRecord;
  } catch {
    return null; // absent, or cut off by a crash: start anew
  }
}
