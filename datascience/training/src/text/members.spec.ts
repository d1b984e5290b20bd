import { argmax } from '@vitrine/inference';
import { averagedTrainer } from './averaged-member.js';
import { countCorpus } from './corpus.js';
import { embeddingBagTrainer } from './embedding-bag.js';
import { FeatureSpace } from './feature-space.js';
import type { FitMember, LinearMember, PassReport } from './linear-member.js';
import { fitLinearSvm } from './linear-svm.js';
import { Pace } from './pace.js';

const TEXTS = [
  'roman policier broche',
  'roman historique poche',
  'livre ancien relie',
  'pompe de piscine',
  'bache pour piscine ronde',
  'echelle de piscine',
  'chaise de jardin pliante',
  'table de jardin ronde',
  'salon de jardin tresse',
];
const LABELS = Int32Array.of(0, 0, 0, 1, 1, 1, 2, 2, 2);
const ROWS = Int32Array.from(TEXTS.keys());
const CLASSES = 3;

const trainers: [string, FitMember][] = [
  ['support vector machines', fitLinearSvm],
  ['a bag of words', embeddingBagTrainer({ hidden: 8, wordsOnly: true })],
  ['a bag of all n-grams', embeddingBagTrainer({ hidden: 8, wordsOnly: false })],
  ['an average of bags', averagedTrainer(embeddingBagTrainer({ hidden: 8, wordsOnly: false }), 3)],
];

async function openSpace(): Promise<FeatureSpace> {
  const corpus = await countCorpus(TEXTS, Infinity, new Pace(new AbortController().signal));
  return new FeatureSpace(corpus, ROWS);
}

function fit(
  trainer: FitMember,
  space: FeatureSpace,
  { seed = 1, maxPasses = 20, stopAfter = Infinity } = {},
): { member: LinearMember; reports: Pick<PassReport, 'pass' | 'trainLoss'>[] } {
  const reports: Pick<PassReport, 'pass' | 'trainLoss'>[] = [];
  const member = trainer({
    space,
    rows: ROWS,
    labels: LABELS,
    classes: CLASSES,
    maxPasses,
    seed,
    afterPass: ({ pass, trainLoss }) => {
      reports.push({ pass, trainLoss });
      return pass >= stopAfter;
    },
  });
  return { member, reports };
}

function logitsOf(member: LinearMember, space: FeatureSpace): number[][] {
  return TEXTS.map((_, row) => {
    const out = new Float64Array(CLASSES);
    member.logits(member.featuresOf(space, row), out);
    return [...out];
  });
}

describe.each(trainers)('%s', (_name, trainer) => {
  it('separate classes that can be separated, with a falling loss', async () => {
    const space = await openSpace();
    const { member, reports } = fit(trainer, space);
    expect(logitsOf(member, space).map((logits) => argmax(logits))).toEqual([...LABELS]);
    expect(reports.at(-1)!.trainLoss).toBeLessThan(reports[0]!.trainLoss / 4);
  });

  it('are the same for the same seed', async () => {
    const space = await openSpace();
    const [first, same, other] = [1, 1, 2].map((seed) => fit(trainer, space, { seed }));
    expect(logitsOf(same!.member, space)).toEqual(logitsOf(first!.member, space));
    expect(logitsOf(other!.member, space)).not.toEqual(logitsOf(first!.member, space));
  });

  it('flatten to a matrix that gives the same logits', async () => {
    const space = await openSpace();
    const { member } = fit(trainer, space);
    const flat = member.flatten();
    const [bias, matrix] = [flat.subarray(0, CLASSES), flat.subarray(CLASSES)];
    logitsOf(member, space).forEach((logits, row) => {
      const { columns, values, size } = space.features(row);
      logits.forEach((logit, k) => {
        let sum = bias[k]!;
        for (let i = 0; i < size; i++) sum += values[i]! * (matrix[columns[i]! * CLASSES + k] ?? 0);
        expect(sum).toBeCloseTo(logit, 4);
      });
    });
  });

  it('make no more passes than they may, and end when told to', async () => {
    const space = await openSpace();
    expect(fit(trainer, space, { maxPasses: 2 }).reports.map(({ pass }) => pass)).toEqual([1, 2]);
    expect(fit(trainer, space, { stopAfter: 1 }).reports.map(({ pass }) => pass)).toEqual([1]);
  });
});

describe('fitLinearSvm', () => {
  it('ends by itself at the optimum, where no support vector lies beyond its margin', async () => {
    const space = await openSpace();
    const { member, reports } = fit(fitLinearSvm, space, { maxPasses: 1_000 });
    expect(reports.length).toBeLessThan(100);
    // At the optimum of the dual a row's slack is alpha / (2 C): a small set in many dimensions has little of it.
    logitsOf(member, space).forEach((logits, row) =>
      logits.forEach((logit, k) => expect(logit * (LABELS[row] === k ? 1 : -1)).toBeGreaterThan(0.3)),
    );
  });

  it('learns a class that has no row as "no"', async () => {
    const space = await openSpace();
    const out = new Float64Array(4);
    const member = fitLinearSvm({
      space,
      rows: ROWS,
      labels: LABELS,
      classes: 4,
      maxPasses: 20,
      seed: 1,
      afterPass: () => false,
    });
    member.logits(space.features(0), out);
    expect(out[3]).toBeLessThan(0);
    expect(argmax(out)).toBe(0);
  });
});
