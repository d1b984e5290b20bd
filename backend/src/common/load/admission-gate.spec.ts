import { AdmissionGate, AdmissionRefusedError } from './admission-gate.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('AdmissionGate', () => {
  it('takes in what runs and what is queued, and no more', () => {
    const gate = new AdmissionGate(1, 2);
    const leaves = [gate.enter(), gate.enter(), gate.enter()];
    expect(() => gate.enter()).toThrow(AdmissionRefusedError);
    leaves[0]!();
    leaves[0]!(); // giving a place back twice frees one
    gate.enter();
    expect(() => gate.enter()).toThrow(AdmissionRefusedError);
  });

  it('runs as many at a time as it may, in order, also after failures', async () => {
    const gate = new AdmissionGate(2, 10);
    let running = 0;
    let most = 0;
    const order: number[] = [];
    const work = (i: number) =>
      gate.run(async () => {
        order.push(i);
        most = Math.max(most, ++running);
        await turn();
        running--;
        if (i % 3 === 0) throw new Error(`failed ${i}`);
        return i;
      });
    const results = await Promise.allSettled([0, 1, 2, 3, 4, 5, 6].map(work));
    expect(most).toBe(2);
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(3);
    await expect(work(8)).resolves.toBe(8);
  });
});
