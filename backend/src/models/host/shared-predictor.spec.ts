import type { Predictor } from '@vitrine/inference';
import { SharedPredictor } from './shared-predictor.js';

function buildPredictor() {
  const dispose = jest.fn(() => Promise.resolve());
  return { predictor: { predict: jest.fn(), dispose } as unknown as Predictor, dispose };
}

describe('SharedPredictor', () => {
  it('disposes an unused predictor at once, and once only', async () => {
    const { predictor, dispose } = buildPredictor();
    const shared = new SharedPredictor(predictor);
    await Promise.all([shared.retire(), shared.retire()]);
    expect(dispose).toHaveBeenCalledTimes(1);
  });

  it('waits for every use in flight, also for one that fails', async () => {
    const { predictor, dispose } = buildPredictor();
    const shared = new SharedPredictor(predictor);
    const first = withResolvers<string>();
    const second = withResolvers<string>();
    const uses = [shared.use(() => first.promise), shared.use(() => second.promise)];
    const retirement = shared.retire();
    first.resolve('answer');
    await expect(uses[0]).resolves.toBe('answer');
    expect(dispose).not.toHaveBeenCalled();
    second.reject(new Error('broken'));
    await expect(uses[1]).rejects.toThrow('broken');
    await retirement;
    expect(dispose).toHaveBeenCalledTimes(1);
  });

  it('takes no use after it is retired', async () => {
    const shared = new SharedPredictor(buildPredictor().predictor);
    await shared.retire();
    await expect(shared.use(() => Promise.resolve(1))).rejects.toThrow('retired');
  });
});

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => ([resolve, reject] = [yes, no]));
  return { promise, resolve, reject };
}
