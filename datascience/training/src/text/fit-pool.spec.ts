import { countCorpus } from './corpus.js';
import { ensembleMembers } from './ensemble.js';
import type { FitData, FitJob } from './fit-job.js';
import { FitPool } from './fit-pool.js';
import { MemberFitter } from './member-fit.js';
import { Pace } from './pace.js';

const CLASSES = 4;
const ROWS = 1_200;
const members = ensembleMembers(ROWS);

async function countTexts(): Promise<FitData> {
  const texts = Array.from({ length: ROWS }, (_, i) =>
    [
      `genre ${'abcd'[i % CLASSES]}${'abcd'[i % CLASSES]}`,
      `mot${'xyzuvw'[i % 6]}`,
      `suite${(i * 7) % 50}`,
    ].join(' '),
  );
  const labels = new Int32Array(new SharedArrayBuffer(4 * ROWS));
  labels.set(Int32Array.from({ length: ROWS }, (_, i) => i % CLASSES));
  const corpus = await countCorpus(texts, Infinity, new Pace(new AbortController().signal));
  return { corpus, labels, classes: CLASSES };
}

function jobs(): FitJob[] {
  const rows = Int32Array.from({ length: ROWS }, (_, i) => i);
  const [fitted, heldOut] = [rows.filter((i) => i % 5 > 0), rows.filter((i) => i % 5 === 0)];
  const common = { maxPasses: 3, patience: 10, repeats: 1, label: 'x' };
  return members.flatMap((member, m) => [
    { ...common, member, fold: 'fold-0', rows: fitted, heldOut, seed: 10 + m },
    { ...common, member, fold: 'all', rows, heldOut: new Int32Array(0), seed: 20 + m },
  ]);
}

describe('FitPool', () => {
  let data: FitData;
  let pool: FitPool;
  const controller = () => new AbortController();

  beforeAll(async () => {
    data = await countTexts();
  });
  afterEach(() => pool.dispose());

  it('gives on two threads, in any order, what one thread gives', async () => {
    pool = new FitPool(ROWS, controller().signal);
    let passes = 0;
    const inOrder = await Promise.all(jobs().map((job) => pool.fit(data, job, () => passes++)));
    const backwards = await Promise.all(
      jobs()
        .reverse()
        .map((job) => pool.fit(data, job, () => undefined)),
    );
    const here = new MemberFitter(data);
    const alone = jobs().map((job) => here.fit(job, () => undefined));
    expect(inOrder.map(({ values }) => values)).toEqual(alone.map(({ values }) => values));
    expect(backwards.reverse()).toEqual(inOrder);
    expect(inOrder.map(({ record }) => record)).toEqual(alone.map(({ record }) => record));
    expect(passes).toBeGreaterThan(0);
  });

  it('rejects with the reason where it is aborted, whether a job runs or waits', async () => {
    const stopping = controller();
    pool = new FitPool(ROWS, stopping.signal);
    const long = jobs().map((job) => ({ ...job, maxPasses: 100_000, repeats: 1_000 }));
    const ends = long.map((job) => pool.fit(data, job, () => stopping.abort(new Error('stop'))));
    for (const end of await Promise.allSettled(ends)) {
      expect(end).toMatchObject({ status: 'rejected', reason: { message: 'stop' } });
    }
  });

  it('rejects where telling of a pass fails', async () => {
    pool = new FitPool(ROWS, controller().signal);
    const tell = () => {
      throw new Error('nobody listens');
    };
    const job = { ...jobs()[2]!, repeats: 1_000 };
    await expect(pool.fit(data, job, tell)).rejects.toThrow('nobody listens');
  });
});
