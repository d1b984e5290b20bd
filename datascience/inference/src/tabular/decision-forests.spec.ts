import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { draftTabularPackage } from '../package/finalize-package.js';
import {
  blendMembers,
  DECISION_FORESTS_KIND,
  DECISION_FORESTS_VERSION,
  loadDecisionForests,
  packTrees,
  type Trees,
} from './decision-forests.js';

/** One tree: column 0 ≥ 2 → [0.9, 0.1], else, also where it is missing, [0.2, 0.8]. */
const stump: Trees = {
  roots: Uint32Array.of(0),
  columns: Int16Array.of(0, -1, -1),
  thresholds: Float32Array.of(2, 0, 0),
  right: Uint32Array.of(2, 0, 2),
  leaves: Float32Array.of(0.2, 0.8, 0.9, 0.1),
};

describe('decision forests', () => {
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vitrine-forests-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  async function load(trees: Trees, kind = 'averaged') {
    await writeFile(join(dir, 'trees.bin'), packTrees(trees));
    const pkg = draftTabularPackage(dir, {
      task: 'time-to-sell',
      categories: [
        { id: 0, label: 'a' },
        { id: 1, label: 'b' },
      ],
      fields: [{ name: 'x', type: 'number' }],
      processors: [],
      network: {
        kind: DECISION_FORESTS_KIND,
        version: DECISION_FORESTS_VERSION,
        config: { members: [{ name: 'trees', kind, bias: [0, 0], weight: 1 }] },
        files: { trees: 'trees.bin' },
      },
      calibration: { temperature: 1, abstentionThreshold: 0 },
      metrics: {} as never,
      datasetHash: 'd',
      testHash: 't',
      gitSha: null,
      runId: 'r',
      seed: 1,
    });
    return loadDecisionForests(pkg, 1);
  }

  it.each([
    [2, 0.9],
    [5, 0.9],
    [1.99, 0.2],
    [NaN, 0.2],
  ])('walks with %p to the leaf of %p', async (value, expected) => {
    const forests = await load(stump);
    expect(forests.probabilities(Float32Array.of(value))[0]).toBeCloseTo(expected, 5);
  });

  it('sums the scores of boosted trees, one a class in turn', async () => {
    const boosted: Trees = {
      roots: Uint32Array.of(0, 3),
      columns: Int16Array.of(0, -1, -1, -1),
      thresholds: Float32Array.of(2, 0, 0, 0),
      right: Uint32Array.of(2, 0, 1, 2),
      leaves: Float32Array.of(-1, 1, 0.5),
    };
    const forests = await load(boosted, 'boosted');
    const [p] = forests.probabilities(Float32Array.of(3));
    expect(p).toBeCloseTo(1 / (1 + Math.exp(-0.5)), 6);
  });

  it.each([
    ['a walk that never ends', { right: Uint32Array.of(0, 0, 2) }],
    ['a child beyond the last node', { right: Uint32Array.of(3, 0, 2) }],
    ['a leaf beyond the last value', { right: Uint32Array.of(2, 0, 3) }],
    ['a column that nobody writes', { columns: Int16Array.of(1, -1, -1) }],
    ['a root beyond the last node', { roots: Uint32Array.of(3) }],
    ['no tree', { roots: new Uint32Array() }],
    ['arrays of different lengths', { thresholds: Float32Array.of(2) }],
    ['a value that is no number', { leaves: Float32Array.of(0.2, NaN, 0.9, 0.1) }],
  ])('refuses %s', async (_what, change) => {
    await expect(load({ ...stump, ...change })).rejects.toMatchObject({ code: 'file-invalid' });
  });

  it('pools probabilities by their weighted logarithms, without a zero', () => {
    const pooled = blendMembers(
      [
        { weight: 0.5, probabilities: [0.8, 0.2] },
        { weight: 0.5, probabilities: [0.5, 0.5] },
      ],
      1,
    );
    expect(pooled[0]).toBeCloseTo(2 / 3, 6);
    const [sure] = blendMembers([{ weight: 1, probabilities: [1, 0] }], 1);
    expect(sure).toBeLessThan(1);
  });
});
