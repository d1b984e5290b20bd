import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentProgress } from '../cli/progress.js';
import { openBackbone } from './backbone.js';
import { readWeights } from './layers-model-files.js';

const json = JSON.stringify({
  modelTopology: {
    class_name: 'Sequential',
    config: [
      {
        class_name: 'Conv2D',
        config: {
          name: 'conv',
          kernel_size: [1, 1],
          batch_input_shape: [null, 64, 64, 3],
          activation: 'relu',
        },
      },
      { class_name: 'GlobalAveragePooling2D', config: { name: 'pool' } },
    ],
  },
  weightsManifest: [
    { paths: ['group1'], weights: [{ name: 'conv/kernel', shape: [1, 1, 3, 2], dtype: 'float32' }] },
  ],
});

let cacheDir: string;
beforeAll(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'backbone-'));
});
afterAll(() => rm(cacheDir, { recursive: true }));

describe('openBackbone', () => {
  it('downloads a model once and cuts it before its pooling', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end(request.url === '/m/model.json' ? json : Buffer.alloc(24));
    }).listen(0);
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/m/model.json`;
    const first = await openBackbone(url, cacheDir, silentProgress);
    const second = await openBackbone(url, cacheDir, silentProgress);
    server.close();
    expect(asked).toEqual(['/m/model.json', '/m/group1']);
    expect(first.cut.output).toBe('conv');
    expect(first.enlargedSize).toBe(96);
    expect(second.hash).toBe(first.hash);
  });

  it('says what to do where the address cannot be reached or answers an error, and leaves nothing behind', async () => {
    const server = createServer((_, response) => response.writeHead(404).end()).listen(0);
    const { port } = server.address() as AddressInfo;
    const before = await readdir(join(cacheDir, 'backbones'));
    const url = `http://127.0.0.1:${port}/absent/model.json`;
    await expect(openBackbone(url, cacheDir, silentProgress)).rejects.toThrow(
      /answered 404.*--base-model DIR/,
    );
    server.close();
    await expect(openBackbone(url, cacheDir, silentProgress)).rejects.toThrow(
      /cannot be reached.*--base-model/,
    );
    expect(await readdir(join(cacheDir, 'backbones'))).toEqual(before);
  });

  it('names a folder that is missing or holds no model', async () => {
    await expect(openBackbone('/no/such/folder', cacheDir, silentProgress)).rejects.toThrow('does not exist');
    await expect(openBackbone(cacheDir, cacheDir, silentProgress)).rejects.toThrow(
      'no usable tfjs layers model',
    );
  });
});

describe('readWeights', () => {
  it('restores quantised weights', () => {
    const specs = [
      { name: 'a', shape: [2], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.5, min: -1 } },
      { name: 'b', shape: [2], dtype: 'float32', quantization: { dtype: 'float16' } },
    ];
    const weights = readWeights(Uint8Array.of(0, 4, 0x00, 0x3c, 0x00, 0xc0), specs);
    expect([...weights.get('a')!.data]).toEqual([-1, 1]);
    expect([...weights.get('b')!.data]).toEqual([1, -2]);
  });

  it('refuses files that end early', () => {
    expect(() => readWeights(new Uint8Array(7), [{ name: 'a', shape: [2], dtype: 'float32' }])).toThrow(
      'end before a',
    );
  });
});
