import { readFile } from 'node:fs/promises';
import { score } from '../../training/dist/evaluation/metrics.js';

/** Scores probabilities, float64 row-major [rows × classes] in a file, by the code that scores every training. */
export async function summarise(file, labels, classes) {
  const bytes = await readFile(file);
  const probabilities = new Float64Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
  );
  return score({ labels, probabilities, classes });
}
