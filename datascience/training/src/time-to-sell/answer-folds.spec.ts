import type { TabularRow } from '@vitrine/inference';
import { LISTING_COLUMN_NAMES, makeListings } from '../test-support/listings.js';
import { answerFolds } from './answer-folds.js';
import type { FoldAnswer, FoldTask } from './fold-answer.js';

const LISTINGS = makeListings({ rows: 45 });
const ROWS: TabularRow[] = LISTINGS.map((values) =>
  Object.fromEntries(LISTING_COLUMN_NAMES.map((name, i) => [name, values[i]])),
);
const LABELS = Uint8Array.from(LISTINGS, (values) => Number(values.at(-1)));
const TASKS: FoldTask[] = [0, 1].map((fold) => {
  const rows = Int32Array.from(ROWS, (_, row) => row);
  return {
    learning: {
      trainRows: rows.filter((row) => row % 5 !== fold),
      labels: LABELS,
      classes: 3,
      innerFolds: 2,
      seed: 1,
    },
    testRows: rows.filter((row) => row % 5 === fold),
    study: false,
  };
});

async function answers(threads: number): Promise<FoldAnswer[]> {
  const found: FoldAnswer[] = [];
  await answerFolds(ROWS, TASKS, {
    signal: new AbortController().signal,
    threads,
    onAnswer: async (fold, answer) => void (found[fold] = answer),
  });
  return found;
}

describe('folds on threads', () => {
  it('are answered as they are without', async () => {
    const [alone, together] = [await answers(0), await answers(2)];
    expect(together.map(({ probabilities }) => [...probabilities])).toEqual(
      alone.map(({ probabilities }) => [...probabilities]),
    );
    expect(together[0]?.probabilities).toHaveLength(27);
  });

  it('end when they are told to, with the reason', async () => {
    const controller = new AbortController();
    const answering = answerFolds(ROWS, TASKS, {
      signal: controller.signal,
      threads: 1,
      onAnswer: () => Promise.resolve(),
    });
    controller.abort(new Error('stopped'));
    await expect(answering).rejects.toThrow('stopped');
  });

  it('tell of a thread that fails', async () => {
    const broken = TASKS.map((task) => ({ ...task, learning: { ...task.learning, labels: null as never } }));
    const answering = answerFolds(ROWS, broken, {
      signal: new AbortController().signal,
      threads: 2,
      onAnswer: () => Promise.resolve(),
    });
    await expect(answering).rejects.toThrow('null');
  });
});
