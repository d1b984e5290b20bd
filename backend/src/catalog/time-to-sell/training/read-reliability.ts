import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { parse } from 'csv-parse';
import type { ReliabilityBin } from '../entities/snapshot.entity.js';

/** Cross-validated predictions, as the training writes them: `true`, `predicted`, and `p0`, `p1`, `p2`. */
const PREDICTIONS_FILE = 'predictions.csv';
/** Equal widths of the probability of the class that was told. */
const BINS = 10;

/**
 * How often a training's held-out predictions came true, by how sure they were; bins without any are left out.
 *
 * @returns null where the training left no such file
 */
export async function readReliability(outputDir: string): Promise<ReliabilityBin[] | null> {
  const path = join(outputDir, PREDICTIONS_FILE);
  if (
    !(await access(path).then(
      () => true,
      () => false,
    ))
  )
    return null;
  const bins = Array.from({ length: BINS }, () => ({ rows: 0, confidence: 0, hits: 0 }));
  const records = parse({ columns: true });
  pipeline(createReadStream(path), records, () => undefined);
  for await (const record of records as AsyncIterable<Record<string, string>>) {
    const probability = Number(record[`p${record.predicted}`]);
    if (!(probability >= 0 && probability <= 1)) continue;
    const bin = bins[Math.min(BINS - 1, Math.floor(probability * BINS))]!;
    bin.rows++;
    bin.confidence += probability;
    bin.hits += record.true === record.predicted ? 1 : 0;
  }
  return bins.flatMap(({ rows, confidence, hits }, i) =>
    rows === 0
      ? []
      : [{ from: i / BINS, to: (i + 1) / BINS, rows, confidence: confidence / rows, accuracy: hits / rows }],
  );
}
