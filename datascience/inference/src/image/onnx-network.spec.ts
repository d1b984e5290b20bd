import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { OnnxNetwork } from './onnx-network.js';
import { MEAN_COLOUR_NETWORK, SLOW_NETWORK } from './testing/tiny-networks.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'onnx-network-'));
  await writeFile(join(dir, 'fast.onnx'), MEAN_COLOUR_NETWORK);
  await writeFile(join(dir, 'slow.onnx'), SLOW_NETWORK);
  await writeFile(join(dir, 'broken.onnx'), MEAN_COLOUR_NETWORK.subarray(0, 100));
});
afterAll(() => rm(dir, { recursive: true }));

describe('OnnxNetwork', () => {
  it('runs batches of any size in the order they came', async () => {
    const network = await OnnxNetwork.open(join(dir, 'fast.onnx'));
    const photo = (red: number, green: number, blue: number) =>
      [red, green, blue].flatMap((value) => Array<number>(4).fill(value));
    const [one, two] = await Promise.all([
      network.run(Float32Array.from(photo(1, 0, 0)), [1, 3, 2, 2]),
      network.run(Float32Array.from([...photo(0, 1, 0), ...photo(0, 0, 1)]), [2, 3, 2, 2]),
    ]);
    await network.dispose();
    expect([...one!]).toEqual([1.25, 0]);
    expect([...two!]).toEqual([0.25, 2, 0.75, -1]);
    expect(network.inputs).toEqual(['photo']);
    expect(network.outputs).toEqual(['logits']);
  });

  it('answers alike with several workers', async () => {
    const network = await OnnxNetwork.open(join(dir, 'fast.onnx'), { workers: 2 });
    const runs = await Promise.all(
      Array.from({ length: 6 }, (_, i) => network.run(new Float32Array(12).fill(i), [1, 3, 2, 2])),
    );
    const one = await OnnxNetwork.open(join(dir, 'fast.onnx'));
    for (const [i, output] of runs.entries()) {
      expect([...output]).toEqual([...(await one.run(new Float32Array(12).fill(i), [1, 3, 2, 2]))]);
    }
    await Promise.all([network.dispose(), one.dispose()]);
  });

  it('does not block the event loop while it computes', async () => {
    const network = await OnnxNetwork.open(join(dir, 'slow.onnx'));
    const delay = monitorEventLoopDelay({ resolution: 5 });
    const [size, runs] = [1024, 6];
    delay.enable();
    const start = performance.now();
    for (let run = 0; run < runs; run++) {
      await network.run(new Float32Array(3 * size * size), [1, 3, size, size]);
    }
    const perRun = (performance.now() - start) / runs;
    delay.disable();
    await network.dispose();
    // Were it computed here, nearly every look at the clock would come a whole run late.
    expect(perRun).toBeGreaterThan(20);
    expect(delay.percentile(50) / 1e6).toBeLessThan(perRun / 2);
  });

  it('finishes what it was given before it is disposed of, and takes nothing afterwards', async () => {
    const network = await OnnxNetwork.open(join(dir, 'fast.onnx'));
    const running = network.run(new Float32Array(12), [1, 3, 2, 2]);
    await network.dispose();
    expect(await running).toHaveLength(2);
    await expect(network.run(new Float32Array(12), [1, 3, 2, 2])).rejects.toThrow('disposed of');
    await network.dispose();
  });

  it('refuses a file that is not a network, and leaves no thread', async () => {
    await expect(OnnxNetwork.open(join(dir, 'broken.onnx'))).rejects.toThrow();
    await expect(OnnxNetwork.open(join(dir, 'absent.onnx'))).rejects.toThrow();
  });
});
