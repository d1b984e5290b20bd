import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  LINEAR_TEXT_KIND,
  LINEAR_TEXT_VERSION,
  linearTextBytes,
  TEXT_NGRAMS_KIND,
  TEXT_NGRAMS_VERSION,
  type LinearTextConfig,
  type ProcessorSpec,
  type TermBlock,
  type TextNgramsConfig,
} from '@vitrine/inference';
import type { Blend } from './blend.js';
import type { SummedModel } from './summed-model.js';

const WORDS_FILE = 'processors/words.bin';
const CHARACTERS_FILE = 'processors/characters.bin';
const WEIGHTS_FILE = 'network.bin';
const INT8_MAX = 127;

/** Bytes that a package's vocabularies and weights may take, at most. */
const MAX_MODEL_BYTES = 45_000_000;
/** Hash, inverse document frequency and scale of a column. */
const BYTES_BESIDE_WEIGHTS = 12;

/** Columns that fit into a package, whose weights take a byte for each class. */
export function maxPackagedColumns(classes: number): number {
  return Math.floor(MAX_MODEL_BYTES / (classes + BYTES_BESIDE_WEIGHTS));
}

/** Writes a model's processor and network files into a package folder. */
export async function packageTextModel(
  model: SummedModel,
  { logPriors, calibration }: Pick<Blend, 'logPriors' | 'calibration'>,
  modelDir: string,
): Promise<{ processors: ProcessorSpec[]; network: ProcessorSpec }> {
  const words = model.space.packWords();
  const characters = model.space.packCharacters();
  const { secondTemperature, secondShare } = calibration;
  const network: LinearTextConfig = {
    columns: model.space.columns,
    classes: logPriors.length,
    secondTemperature,
    secondShare,
  };
  await mkdir(join(modelDir, 'processors'), { recursive: true });
  await writeFile(join(modelDir, WORDS_FILE), packBlock(words));
  await writeFile(join(modelDir, CHARACTERS_FILE), packBlock(characters));
  await writeFile(join(modelDir, WEIGHTS_FILE), packWeights(model, logPriors, network));
  const ngrams: TextNgramsConfig = { words: words.idf.length, characters: characters.idf.length };
  return {
    processors: [
      {
        kind: TEXT_NGRAMS_KIND,
        version: TEXT_NGRAMS_VERSION,
        config: { ...ngrams },
        files: { words: WORDS_FILE, characters: CHARACTERS_FILE },
      },
    ],
    network: {
      kind: LINEAR_TEXT_KIND,
      version: LINEAR_TEXT_VERSION,
      config: { ...network },
      files: { weights: WEIGHTS_FILE },
    },
  };
}

function packBlock({ hashes, idf }: TermBlock): Uint8Array {
  const bytes = new ArrayBuffer(hashes.byteLength + idf.byteLength);
  new Uint32Array(bytes, 0, hashes.length).set(hashes);
  new Float32Array(bytes, hashes.byteLength, idf.length).set(idf);
  return new Uint8Array(bytes);
}

/** Lays the weights out as `LinearTextWeights` tells, each column's row rounded to 8 bits of its largest weight. */
function packWeights(
  { matrix, bias }: SummedModel,
  logPriors: Float64Array,
  config: LinearTextConfig,
): Uint8Array {
  const { columns, classes } = config;
  const bytes = new ArrayBuffer(linearTextBytes(config));
  new Float32Array(bytes, 0, classes).set(bias);
  new Float32Array(bytes, 4 * classes, classes).set(logPriors);
  const scales = new Float32Array(bytes, 8 * classes, columns);
  const weights = new Int8Array(bytes, 8 * classes + 4 * columns);
  for (let column = 0; column < columns; column++) {
    const start = column * classes;
    let largest = 0;
    for (let i = start; i < start + classes; i++) largest = Math.max(largest, Math.abs(matrix[i] as number));
    if (largest === 0) continue;
    scales[column] = largest / INT8_MAX;
    for (let i = start; i < start + classes; i++) {
      weights[i] = Math.round(((matrix[i] as number) * INT8_MAX) / largest);
    }
  }
  return new Uint8Array(bytes);
}
