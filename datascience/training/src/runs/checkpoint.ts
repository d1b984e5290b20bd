import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A trainer's checkpoint folder, bound to what is being trained. */
export interface Checkpoint {
  dir: string;
  /** The run that the interrupted training belongs to, or null where this one is new. */
  runId: string | null;
  /** Binds the folder to a run. */
  bind(runId: string): Promise<void>;
  remove(): Promise<void>;
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
  const record = await readRecord(recordFile);
  if (record?.key !== key) await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  return {
    dir,
    runId: record?.key === key ? record.runId : null,
    bind: (runId) => writeFile(recordFile, JSON.stringify({ key, runId })),
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}

async function readRecord(file: string): Promise<{ key: string; runId: string } | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as { key: string; runId: string };
  } catch {
    return null; // absent, or cut off by a crash: start anew
  }
}
