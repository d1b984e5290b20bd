import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { draftPackage, loadPredictor } from '@vitrine/inference';
import { silentProgress, type Progress } from '../cli/progress.js';
import { Random } from '../common/random.js';
import type { Dataset, DatasetRow } from '../datasets/dataset.js';
import { score } from '../evaluation/metrics.js';
import type { TrainContext, TrainedModel } from '../runs/trainer.js';
import { textTrainer } from './text-trainer.js';

const CATEGORIES = [
  { id: 10, label: 'Livre', words: ['roman', 'broché', 'tome', 'éditions', 'poche', 'auteur'] },
  { id: 2583, label: 'Piscine', words: ['pompe', 'bâche', 'filtre', 'chlore', 'échelle', 'liner'] },
  { id: 2582, label: 'Meuble', words: ['table', 'chaise', 'jardin', 'résine', 'parasol', 'salon'] },
];
const SHARED = ['neuf', 'lot', 'promo', 'blanc', 'grand', 'avec'];
const FILES = ['network.bin', 'processors/words.bin', 'processors/characters.bin'];

function buildRows(count: number, seed: number): DatasetRow[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, i) => {
    const label = i % 5 === 4 ? 0 : i % 3;
    const pick = () => (random.next() < 0.4 ? random.pick(CATEGORIES[label]!.words) : random.pick(SHARED));
    const words = Array.from({ length: 4 + random.integer(6) }, pick);
    return {
      index: String(i),
      designation: words.slice(0, 3).join(' '),
      description:
        random.next() < 0.3 ? null : `<p>${words.slice(3).join(' ')} ${random.integer(100)}&nbsp;cm</p>`,
      productId: String(i),
      imageId: null,
      imagePath: null,
      label,
    };
  });
}

function buildDataset(rows = 150): Dataset {
  const categories = CATEGORIES.map(({ id, label }) => ({ id, label }));
  return { dir: '', categories, train: buildRows(rows, 1), test: buildRows(90, 2), hash: 'h', testHash: 't' };
}

describe('textTrainer', () => {
  let root: string;
  let next = 0;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'vitrine-train-text-'));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  async function openContext(change: Partial<TrainContext> = {}): Promise<TrainContext> {
    const dir = join(root, String(next++));
    await mkdir(join(dir, 'model'), { recursive: true });
    await mkdir(join(dir, 'checkpoint'));
    return {
      dataset: buildDataset(),
      options: { inputDir: '', outputDir: '', batchSize: 96, epochs: 100, trainPatience: 10, seed: 42 },
      modelDir: join(dir, 'model'),
      checkpointDir: join(dir, 'checkpoint'),
      progress: silentProgress,
      logEpoch: async () => undefined,
      signal: new AbortController().signal,
      ...change,
    };
  }

  const open = ({ dataset, modelDir }: TrainContext, trained: TrainedModel) =>
    loadPredictor(
      draftPackage(modelDir, {
        modality: 'text',
        categories: dataset.categories,
        processors: trained.processors,
        network: trained.network,
        calibration: { ...trained.calibration, abstentionThreshold: 0 },
        metrics: {} as never,
        datasetHash: 'h',
        testHash: 't',
        gitSha: null,
        runId: 'r',
        seed: 42,
      }),
    );

  async function fingerprint({ modelDir }: TrainContext, trained: TrainedModel): Promise<string> {
    const hash = createHash('sha256');
    for (const file of FILES) hash.update(await readFile(join(modelDir, file)));
    hash.update(trained.heldOut.probabilities).update(trained.heldOut.rows);
    return hash.update(JSON.stringify([trained.calibration, trained.params])).digest('hex');
  }

  it('learns, and serves what it learnt from the package alone', async () => {
    const context = await openContext();
    const predictor = await open(context, await textTrainer.train(context));
    const answers = await predictor.predict(context.dataset.test);
    const probabilities = Float64Array.from(answers.flatMap((answer) => [...answer.probabilities]));
    const scores = score({
      labels: context.dataset.test.map(({ label }) => label),
      probabilities,
      classes: 3,
    });
    expect(scores.weighted_f1).toBeGreaterThan(0.9);
    expect(scores.log_loss).toBeLessThan(0.35);
    expect(answers[0]!.probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
  });

  it('predicts every row of a small set by models that had not seen it', async () => {
    const context = await openContext();
    const { heldOut } = await textTrainer.train(context);
    expect([...heldOut.rows]).toEqual([...context.dataset.train.keys()]);
    const labels = context.dataset.train.map(({ label }) => label);
    const scores = score({ labels, probabilities: heldOut.probabilities, classes: 3 });
    expect(scores.weighted_f1).toBeGreaterThan(0.85);
    expect(scores.weighted_f1).toBeLessThan(1); // rows of shared words alone can only be guessed
    expect(scores.ece).toBeLessThan(0.08);
  });

  it('leaves rows without text out and says which', async () => {
    const warnings: string[] = [];
    const progress: Progress = { ...silentProgress, warn: (message) => void warnings.push(message) };
    const dataset = buildDataset();
    dataset.train[3] = { ...dataset.train[3]!, designation: '<br>', description: null };
    dataset.train[7] = { ...dataset.train[7]!, designation: '', description: '\0' };
    const { heldOut } = await textTrainer.train(await openContext({ dataset, progress }));
    expect(warnings).toEqual(['2 training rows without text are left out (index 3, 7)']);
    expect(heldOut.rows).toHaveLength(dataset.train.length - 2);
    expect([...heldOut.rows]).not.toContain(3);
  });

  it('refuses a set without any text', async () => {
    const dataset = buildDataset();
    dataset.train = dataset.train.map((row) => ({ ...row, designation: '', description: null }));
    await expect(textTrainer.train(await openContext({ dataset }))).rejects.toThrow(
      'No training row holds text',
    );
  });

  it('refuses a set without any word', async () => {
    const dataset = buildDataset(20);
    dataset.train = dataset.train.map((row) => ({ ...row, designation: '🎁 ! a', description: null }));
    await expect(textTrainer.train(await openContext({ dataset }))).rejects.toThrow(
      'No training text holds a word',
    );
  });

  it.each([
    [
      'the same text in every row',
      (row: DatasetRow) => ({ ...row, designation: 'chaise', description: null }),
    ],
    ['four rows', (row: DatasetRow) => row, 4],
    [
      'long, foreign, marked-up and repeated text',
      (row: DatasetRow) => ({
        ...row,
        designation: `<b>כסא Stühle ${row.label} &eacute;</b> 椅子 \ud800`,
        description: `${row.label === 1 ? 'piscine ' : 'roman '.repeat(300)}<p>x</p> `.repeat(20),
      }),
    ],
  ])('trains on %s', async (_case, change, rows = 40) => {
    const dataset = buildDataset(rows);
    dataset.train = dataset.train.map(change);
    const context = await openContext({ dataset });
    const predictor = await open(context, await textTrainer.train(context));
    const [answer] = await predictor.predict([{ designation: 'chaise roman piscine' }]);
    expect([...answer!.probabilities].every((p) => p >= 0 && p <= 1)).toBe(true);
    expect(answer!.probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
  });

  it('makes the same bytes from the same seed, and others from another', async () => {
    const prints = [];
    for (const seed of [42, 42, 43]) {
      const context = await openContext();
      context.options.seed = seed;
      prints.push(await fingerprint(context, await textTrainer.train(context)));
    }
    expect(prints[1]).toBe(prints[0]);
    expect(prints[2]).not.toBe(prints[0]);
  });

  describe('interrupted', () => {
    let expected: { rows: string[]; print: string };

    async function trainTold(context: TrainContext): Promise<{ rows: string[]; print: string }> {
      const rows: string[] = [];
      context.logEpoch = async (epoch, metrics) => void rows.push(JSON.stringify([epoch, metrics]));
      const trained = await textTrainer.train(context);
      return { rows, print: await fingerprint(context, trained) };
    }

    /** Fails after some passes, as a machine might. */
    function failingAfter(passes: number): Progress {
      const advance = (units = 1) => {
        passes -= units;
        if (passes < 0) throw new Error('interrupted');
      };
      return { ...silentProgress, task: () => ({ advance, finish: () => undefined }) };
    }

    beforeAll(async () => {
      expected = await trainTold(await openContext());
    });

    // In the first fit, among the folds, in the final fit of the second member.
    it.each([2, 30, 75])(
      'after %i passes it resumes, tells the same and ends in the same model',
      async (passes) => {
        const context = await openContext();
        const progress = failingAfter(passes);
        await expect(textTrainer.train({ ...context, progress })).rejects.toThrow('interrupted');
        expect(await trainTold(context)).toEqual(expected);
      },
    );

    it('resumes from its last step where all fits were made', async () => {
      const context = await openContext();
      await textTrainer.train(context);
      expect(await trainTold(context)).toEqual(expected);
    });
  });

  it('does not trust a checkpoint that was cut off', async () => {
    const context = await openContext();
    const expected = await fingerprint(context, await textTrainer.train(context));
    await writeFile(join(context.checkpointDir, 'fold-0-svm.bin'), new Uint8Array(8));
    await writeFile(join(context.checkpointDir, 'final-2.bin'), new Uint8Array(8));
    expect(await fingerprint(context, await textTrainer.train(context))).toBe(expected);
  });

  it('stops when it is aborted', async () => {
    const context = await openContext({
      dataset: buildDataset(3_000),
      signal: AbortSignal.abort(new Error('stop')),
    });
    await expect(textTrainer.train(context)).rejects.toThrow('stop');
  });

  it('trains on a class of one row and on one without any', async () => {
    const dataset = buildDataset(60);
    dataset.categories = [...dataset.categories, { id: 1, label: 'single' }, { id: 2, label: 'none' }];
    dataset.train[0] = { ...dataset.train[0]!, designation: 'xylophone', description: null, label: 3 };
    const context = await openContext({ dataset });
    const predictor = await open(context, await textTrainer.train(context));
    const [answer] = await predictor.predict([{ designation: 'xylophone' }]);
    expect(answer!.probabilities.indexOf(Math.max(...answer!.probabilities))).toBe(3);
    expect([...answer!.probabilities].every(Number.isFinite)).toBe(true);
  });
});
