import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A small model's folder as a trainer packages it: MLflow's own description with signature and input example. */
export async function writeModelFolder(dir: string, runId: string, weights = 'weights'): Promise<string> {
  await mkdir(join(dir, 'processors'), { recursive: true });
  const column = (name: string, type: string, required: boolean) => ({ name, type, required });
  const fields = {
    artifact_path: 'model',
    flavors: { vitrine: { manifest: 'manifest.json', modality: 'text', schema_version: 1 } },
    run_id: runId,
    saved_input_example_info: {
      artifact_path: 'input_example.json',
      type: 'dataframe',
      pandas_orient: 'split',
    },
    signature: {
      inputs: JSON.stringify([
        column('designation', 'string', false),
        column('description', 'string', false),
      ]),
      outputs: JSON.stringify([column('10', 'double', true), column('2280', 'double', true)]),
    },
    utc_time_created: '2026-01-02 03:04:05.678',
  };
  const lines = Object.entries(fields).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
  await writeFile(join(dir, 'MLmodel'), lines.join(''));
  await writeFile(
    join(dir, 'input_example.json'),
    JSON.stringify({ columns: ['designation', 'description'], data: [['Un livre', 'Relié, 300 pages']] }),
  );
  await writeFile(join(dir, 'manifest.json'), JSON.stringify({ weights }));
  await writeFile(join(dir, 'processors/words.bin'), weights);
  return dir;
}
