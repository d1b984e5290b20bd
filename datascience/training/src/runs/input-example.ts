import { appendFile, writeFile } from 'node:fs/promises';
import type { AnyManifest, ModelPackage, ProductInput, TabularRow } from '@vitrine/inference';

const EXAMPLE_FILE = 'input_example.json';
const SERVING_FILE = 'serving_input_example.json';

/**
 * Writes an input as MLflow keeps a model's example: as a data frame, and as the body of a request to `serve-model`.
 * To be called before the package is finished, so that its hashes cover the files.
 */
export async function writeInputExample(
  pkg: ModelPackage<AnyManifest>,
  input: ProductInput | TabularRow,
): Promise<void> {
  const values = Object.entries(input).filter(([, value]) => value !== undefined);
  const frame = {
    columns: values.map(([column]) => column),
    data: [values.map(([, value]) => encode(value))],
  };
  await writeFile(pkg.path(EXAMPLE_FILE), JSON.stringify(frame));
  await writeFile(pkg.path(SERVING_FILE), JSON.stringify({ dataframe_split: frame }));
}

/** Names the example in the finished package's `MLmodel`, which is outside the hashes: one JSON value a line. */
export async function describeInputExample(pkg: ModelPackage<AnyManifest>): Promise<void> {
  const info = {
    artifact_path: EXAMPLE_FILE,
    pandas_orient: 'split',
    serving_input_path: SERVING_FILE,
    type: 'dataframe',
  };
  await appendFile(pkg.path('MLmodel'), `saved_input_example_info: ${JSON.stringify(info)}\n`);
}

function encode(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}
