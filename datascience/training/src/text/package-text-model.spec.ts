import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadLinearText, ModelPackage, softmax, type ModelManifest } from '@vitrine/inference';
import { Random } from '../common/random.js';
import { countCorpus } from './corpus.js';
import { FeatureSpace } from './feature-space.js';
import { maxPackagedColumns, packageTextModel } from './package-text-model.js';
import { Pace } from './pace.js';
import { addWeightedRows } from './weighted-rows.js';

const CLASSES = 27;

describe('packageTextModel', () => {
  it('keeps 8 bits of each weight, which hardly moves a probability', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'vitrine-package-text-'));
    try {
      const random = new Random(5);
      const texts = Array.from({ length: 50 }, () =>
        Array.from({ length: 12 }, () => `mot${random.integer(200)}`).join(' '),
      );
      const corpus = await countCorpus(texts, Infinity, new Pace(new AbortController().signal));
      const rows = Int32Array.from(texts.keys());
      const space = new FeatureSpace(corpus, rows);
      const matrix = Float32Array.from({ length: space.columns * CLASSES }, () => random.normal());
      matrix.fill(0, 0, CLASSES);
      const bias = Float32Array.from({ length: CLASSES }, () => random.normal());
      const logPriors = new Float64Array(CLASSES).fill(-Math.log(CLASSES));
      const calibration = { temperature: 1, secondTemperature: 2, secondShare: 0.25 };
      const blend = { logPriors, calibration };
      const { network: spec } = await packageTextModel({ space, matrix, bias }, blend, dir);
      const { network } = await loadLinearText(new ModelPackage(dir, {} as ModelManifest), spec);
      let largest = 0;
      for (const row of rows) {
        const features = space.features(row);
        const exact = Float64Array.from(bias);
        addWeightedRows(features, matrix, exact);
        const packed = softmax(network.logits(features));
        softmax(exact).forEach((p, k) => (largest = Math.max(largest, Math.abs(p - packed[k]!))));
      }
      expect(largest).toBeGreaterThan(0);
      expect(largest).toBeLessThan(0.01);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });

  it('bounds the columns so that a package stays below 50 MB', () => {
    for (const classes of [2, 27, 44, 500])
      expect(maxPackagedColumns(classes) * (classes + 12)).toBeLessThan(50e6);
  });
});
