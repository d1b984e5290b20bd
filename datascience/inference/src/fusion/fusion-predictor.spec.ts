import { appendFile, cp, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { softmax } from '../common/softmax.js';
import { runGoldenCheck } from '../package/golden.js';
import { loadPredictor } from '../package/load-predictor.js';
import type { ModelManifest } from '../package/manifest.js';
import { ModelPackage } from '../package/model-package.js';
import { readPackage } from '../package/read-package.js';
import type { Prediction, Predictor } from '../predictor.js';
import { fuse, FUSION_MEMBERS, fusionFeatures } from './fusion-head.js';
import { loadFusionPredictor } from './fusion-predictor.js';
import {
  TINY_CATEGORIES,
  TINY_HEAD,
  TINY_NETWORK,
  writeTinyFusion,
  writeTinyImage,
  writeTinyText,
} from './testing/tiny-fusion-package.js';

let root: string;
let dir: string;
let green: Buffer;
let next = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'vitrine-fusion-'));
  dir = join(root, 'fusion');
  green = await sharp({ create: { width: 40, height: 40, channels: 3, background: 'rgb(0, 255, 0)' } })
    .png()
    .toBuffer();
  await writeTinyFusion(dir, green);
});
afterAll(() => rm(root, { recursive: true }));

/** A copy of the package, for a test that damages it. */
async function copy(): Promise<string> {
  const to = join(root, String(next++));
  await cp(dir, to, { recursive: true });
  return to;
}

describe('a fusion model', () => {
  let fusion: Predictor;
  let members: { text: Predictor; image: Predictor };

  beforeAll(async () => {
    fusion = await loadPredictor(dir);
    members = {
      text: await loadPredictor(join(dir, FUSION_MEMBERS.text)),
      image: await loadPredictor(join(dir, FUSION_MEMBERS.image)),
    };
  });
  afterAll(() => Promise.all([fusion, members.text, members.image].map((predictor) => predictor.dispose())));

  const one = async (predictor: Predictor, input: Parameters<Predictor['predict']>[0][number]) =>
    (await predictor.predict([input]))[0] as Prediction;

  it('puts both answers through the head and its own temperature', async () => {
    const input = { designation: 'Rouge', image: green };
    const [text, image] = [await one(members.text, input), await one(members.image, input)];
    const features = fusionFeatures(text.probabilities, image.probabilities, TINY_HEAD.floor);
    const both = await one(fusion, input);
    expect(both.modality).toBe('fusion');
    expect([...both.probabilities]).toEqual([...softmax(fuse(TINY_HEAD, features), 2)]);
    expect(Object.keys(both.timings).sort()).toEqual(['decode', 'fusion', 'network', 'text']);
  });

  it('abstains by its own threshold', async () => {
    const torn = await one(fusion, { designation: 'rouge', image: green });
    expect(torn.abstained).toBe(Math.max(...torn.probabilities) < 0.6);
    expect((await one(fusion, { designation: 'vert', image: green })).abstained).toBe(false);
  });

  it('leaves what lacks a modality to the other member, as that member answers', async () => {
    for (const description of [null, undefined, '', '  ', '<p>&nbsp;</p>']) {
      const answer = await one(fusion, { designation: description, description, image: green });
      expect(answer.modality).toBe('image');
      expect(answer.probabilities).toEqual((await one(members.image, { image: green })).probabilities);
    }
    const text = await one(fusion, { designation: 'vert', image: null });
    expect(text).toMatchObject({ ...(await one(members.text, { designation: 'vert' })), timings: {} });
  });

  it('answers a mixed batch in order', async () => {
    const inputs = [
      { designation: 'vert' },
      { designation: 'rouge', image: green },
      { image: green },
      { description: 'vert', image: green },
    ];
    const answers = await fusion.predict(inputs);
    expect(answers.map(({ modality }) => modality)).toEqual(['text', 'fusion', 'image', 'fusion']);
    for (const [i, input] of inputs.entries()) {
      expect(answers[i]?.probabilities).toEqual((await one(fusion, input)).probabilities);
    }
    expect(await fusion.predict([])).toEqual([]);
  });

  it.each([
    [{}, 'input-empty'],
    [{ designation: ' ', image: null }, 'input-empty'],
    [{ designation: 'rouge', image: Buffer.from('no photo') }, 'image-unsupported'],
    [{ image: Buffer.alloc(0) }, 'image-invalid'],
  ])('refuses %j', async (input, code) => {
    await expect(fusion.predict([input])).rejects.toMatchObject({ name: 'InputError', code });
  });

  it('passes its golden check', async () => {
    expect(await runGoldenCheck(fusion, await readPackage(dir))).toEqual({ cases: 3, maxDifference: 0 });
  });
});

describe('loading a fusion model', () => {
  it.each<[string, (dir: string) => Promise<unknown>, string, RegExp]>([
    ['a damaged head', (at) => appendFile(join(at, 'head.json'), ' '), 'hash-mismatch', /head\.json/],
    [
      'a damaged member',
      (at) => truncate(join(at, FUSION_MEMBERS.text, 'network.bin'), 5),
      'hash-mismatch',
      /members\/text\/network\.bin/,
    ],
    [
      'a member that is not there',
      (at) => rm(join(at, FUSION_MEMBERS.image), { recursive: true }),
      'file-missing',
      /members\/image/,
    ],
  ])('refuses %s', async (_, damage, code, message) => {
    const at = await copy();
    await damage(at);
    await expect(loadPredictor(at)).rejects.toMatchObject({ name: 'PackageError', code });
    await expect(loadPredictor(at)).rejects.toThrow(message);
  });

  /** Loads without the outer package's hashes: what a finished package of such parts would do. */
  const load = async (at: string, change: Partial<ModelManifest> = {}) =>
    loadFusionPredictor(
      new ModelPackage(at, { ...(await readPackage(at, { verify: false })).manifest, ...change }),
    );

  it.each<[string, (dir: string) => Promise<unknown>, RegExp]>([
    [
      'of another modality',
      async (at) => {
        await rm(join(at, FUSION_MEMBERS.text), { recursive: true });
        await writeTinyImage(join(at, FUSION_MEMBERS.text), green);
      },
      /The text member is a model of image/,
    ],
    [
      'with the categories in another order',
      (at) => writeTinyText(join(at, FUSION_MEMBERS.text), [...TINY_CATEGORIES].reverse()),
      /text member has other categories/,
    ],
    [
      'with another category',
      (at) =>
        writeTinyText(join(at, FUSION_MEMBERS.text), [
          { id: 10, label: 'red' },
          { id: 30, label: 'blue' },
        ]),
      /text member has other categories/,
    ],
  ])('refuses a member %s', async (_, replace, message) => {
    const at = await copy();
    await replace(at);
    await expect(load(at)).rejects.toThrow(message);
  });

  it('names both versions of a head that it does not know, and what to do', async () => {
    const network = { ...TINY_NETWORK, version: 1 };
    await expect(load(dir, { network })).rejects.toThrow(
      'The fusion model needs fusion-head version 1; this code has fusion-head version 2: train it again',
    );
  });

  it.each([
    ['no JSON', 'head', /cannot be read/],
    [
      'a head of other categories',
      JSON.stringify({ ...TINY_HEAD, bias: [0, 0, 0] }),
      /does not fit 2 categories/,
    ],
    ['a head without weights', JSON.stringify({ ...TINY_HEAD, text: {} }), /does not fit/],
    ['null', 'null', /does not fit/],
  ])('refuses %s', async (_, head, message) => {
    const at = await copy();
    await writeFile(join(at, 'head.json'), head);
    await expect(load(at)).rejects.toThrow(message);
  });

  it('refuses a head without a file', async () => {
    await expect(load(dir, { network: { ...TINY_NETWORK, files: {} } })).rejects.toThrow('role "head"');
  });
});
