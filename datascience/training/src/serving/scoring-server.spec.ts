import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  loadPredictor,
  loadTabularPredictor,
  writeLinearTabularPackage,
  type AnyPredictor,
  type Predictor,
} from '@vitrine/inference';
import type { FastifyInstance } from 'fastify';
import { drawPhoto, writeMeanColourModel } from '../test-support/mean-colour-model.js';
import { trainTinyTextModel } from '../test-support/tiny-text-model.js';
import { ImageFolder } from './image-folder.js';
import { buildScoringServer, type ScoringServerOptions } from './scoring-server.js';

interface Answer {
  predictions: Record<string, number>[];
  error_code?: string;
  message?: string;
}

const JSON_TYPE = 'application/json';
let dir: string;
let text: Predictor;
let image: Predictor;
const errors: Error[] = [];
const servers: FastifyInstance[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vitrine-serving-'));
  text = await loadPredictor(await trainTinyTextModel(dir));
  await writeMeanColourModel(join(dir, 'image-model'));
  image = await loadPredictor(join(dir, 'image-model'));
  await writeFile(join(dir, 'green.png'), await drawPhoto('green'));
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  expect(errors.splice(0)).toEqual([]);
});
afterAll(async () => {
  await text.dispose();
  await image.dispose();
  await rm(dir, { recursive: true });
});

async function start(predictor: AnyPredictor, change: Partial<ScoringServerOptions> = {}): Promise<string> {
  const onError = (error: Error) => void errors.push(error);
  const limits = { maxBodyBytes: 100_000, maxRecords: 50 };
  const app = buildScoringServer({ predictor, folder: null, ...limits, onError, ...change });
  servers.push(app);
  return app.listen({ host: '127.0.0.1', port: 0 });
}

async function invoke(
  url: string,
  body: unknown,
  contentType: string | null = JSON_TYPE,
): Promise<{ status: number; type: string; raw: string; answer: Answer }> {
  const content = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${url}/invocations`, {
    method: 'POST',
    body: new TextEncoder().encode(content),
    headers: contentType === null ? {} : { 'content-type': contentType },
  });
  const raw = await response.text();
  const type = response.headers.get('content-type') ?? '';
  const answer = (type.startsWith(JSON_TYPE) ? JSON.parse(raw) : {}) as Answer;
  return { status: response.status, type, raw, answer };
}

const best = (row: Record<string, number> = {}) => Object.entries(row).sort((a, b) => b[1] - a[1])[0]?.[0];

describe('the scoring server of a text model', () => {
  const records = [
    { designation: 'roman broché', description: 'tome poche' },
    { designation: 'pompe filtre', description: null },
    { designation: null, description: 'table chaise jardin' },
  ];

  it('answers every category of each record, in input order, the same in every form', async () => {
    const url = await start(text);
    const { status, answer } = await invoke(url, { dataframe_records: records });
    expect(status).toBe(200);
    expect(answer.predictions.map(best)).toEqual(['10', '2583', '2582']);
    for (const row of answer.predictions) {
      expect(Object.keys(row)).toEqual(['10', '2582', '2583']);
      expect(Object.values(row).reduce((sum, p) => sum + p)).toBeCloseTo(1, 10);
    }
    const columns = ['designation', 'description'] as const;
    const data = records.map((record) => columns.map((column) => record[column]));
    const column = (name: (typeof columns)[number]) => records.map((record) => record[name]);
    const csv = `designation,description\n${data.map((row) => row.join()).join('\n')}\n`;
    const forms: [unknown, string | null][] = [
      [{ dataframe_split: { columns, data } }, JSON_TYPE],
      [{ dataframe_split: { columns, data } }, 'application/json; charset=UTF-8'],
      [{ instances: records }, JSON_TYPE],
      [{ inputs: records }, 'application/x-www-form-urlencoded'],
      [{ inputs: { designation: column('designation'), description: column('description') } }, null],
      [csv, 'text/csv'],
    ];
    for (const [body, type] of forms) expect((await invoke(url, body, type)).answer).toEqual(answer);
  });

  it("gives the predictor's own probabilities", async () => {
    const url = await start(text);
    const [expected] = await text.predict([records[0] as object]);
    const { answer } = await invoke(url, { instances: [records[0]] });
    expect(Object.values(answer.predictions[0] ?? {})).toEqual([...(expected?.probabilities ?? [])]);
  });

  it('is well, and tells the protocol it speaks', async () => {
    const url = await start(text);
    for (const path of ['/ping', '/health']) {
      const response = await fetch(url + path);
      expect([response.status, await response.text()]).toEqual([200, '\n']);
    }
    expect(await (await fetch(`${url}/version`)).text()).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it.each([
    ['no text', [{ designation: 'a' }, { designation: ' ' }], /^Record 1: This model reads a text/],
    ['no column it reads', [{ designation: 'a' }, {}], /^Record 1: /],
    ['a number', [{ designation: 'a' }, { designation: 7 }], /^Record 1: designation must be a string/],
    ['a list', [{ designation: ['a'] }], /^Record 0: designation must be a string/],
    [
      'no text, far back',
      [...Array.from({ length: 40 }, () => ({ designation: 'a' })), {}],
      /^Record 40: This model reads a text/,
    ],
  ])('names the record with %s', async (_case, dataframe_records, message) => {
    const { status, answer } = await invoke(await start(text), { dataframe_records });
    expect(status).toBe(400);
    expect(answer).toEqual({
      error_code: 'INVALID_PARAMETER_VALUE',
      message: expect.stringMatching(message),
    });
  });

  it('refuses what it cannot read', async () => {
    const url = await start(text);
    const bad = await invoke(url, '{');
    expect([bad.status, bad.answer.error_code]).toEqual([400, 'BAD_REQUEST']);
    const empty = await invoke(url, '');
    expect([empty.status, empty.answer.error_code]).toEqual([400, 'BAD_REQUEST']);
    const tooMany = await invoke(url, { instances: Array.from({ length: 51 }, () => records[0]) });
    expect([tooMany.status, tooMany.answer.message]).toEqual([
      400,
      expect.stringMatching(/51 records; at most 50/),
    ]);
    const tooLarge = await invoke(url, { instances: [{ designation: 'a'.repeat(100_000) }] });
    expect([tooLarge.status, tooLarge.answer.error_code]).toEqual([413, 'BAD_REQUEST']);
    const absent = await fetch(`${url}/predict`);
    expect([absent.status, ((await absent.json()) as Answer).error_code]).toEqual([404, 'BAD_REQUEST']);
  });

  it.each([
    ['application/xml', /only supports the following content types.*Got 'application\/xml'/],
    ['application/json; charset=latin-1', /only supports UTF-8/],
    ['nonsense', /content types/],
  ])('answers 415 to %s', async (type, message) => {
    const { status, raw } = await invoke(await start(text), { instances: records }, type);
    expect(status).toBe(415);
    expect(raw).toMatch(message);
  });

  it('refuses bytes that are no UTF-8', async () => {
    const response = await fetch(`${await start(text)}/invocations`, {
      method: 'POST',
      body: Buffer.from('{"instances": [{"designation": "caf\xe9"}]}', 'latin1'),
      headers: { 'content-type': JSON_TYPE },
    });
    expect([response.status, ((await response.json()) as Answer).message]).toEqual([
      400,
      expect.stringMatching(/UTF-8/),
    ]);
  });

  it('tells callers beyond its capacity to come back, and counts those who left', async () => {
    const url = await start(text);
    const { port } = servers[0]?.server.address() as AddressInfo;
    const head = `POST /invocations HTTP/1.1\r\nhost: a\r\ncontent-type: ${JSON_TYPE}\r\ncontent-length: 9\r\n\r\n{`;
    const waiting = Array.from({ length: 64 }, () => connect(port, '127.0.0.1').setNoDelay());
    for (const socket of waiting) socket.write(head);
    await until(async () => (await invoke(url, { instances: records })).status === 503);
    for (const socket of waiting) socket.destroy();
    await until(async () => (await invoke(url, { instances: records })).status === 200);
  });

  it('answers what was begun before it closes', async () => {
    const gate = new EventEmitter();
    const held: Predictor = {
      manifest: text.manifest,
      predict: async (inputs) => {
        gate.emit('begun');
        await once(gate, 'released');
        return text.predict(inputs);
      },
      dispose: async () => undefined,
    };
    const url = await start(held);
    const begun = once(gate, 'begun');
    const answer = invoke(url, { instances: [records[0]] });
    await begun;
    const closed = servers[0]?.close();
    await until(async () => (await fetch(`${url}/ping`).catch(() => null))?.ok !== true);
    gate.emit('released');
    expect((await answer).status).toBe(200);
    await closed;
  });
});

describe('the scoring server of an image model', () => {
  it('reads photos as base64, as a data URL and by their path below the image folder', async () => {
    const url = await start(image, { folder: await ImageFolder.open(dir, 1_000_000) });
    const photo = (await drawPhoto('green')).toString('base64');
    const { status, raw, answer } = await invoke(url, {
      dataframe_records: [
        { image: photo },
        { image: `data:image/png;base64,${photo.replace(/(.{76})/g, '$1\n')}` },
        { 'image path': 'green.png' },
        { image_path: join(dir, 'green.png'), image: null },
        { image: (await drawPhoto('red')).toString('base64') },
      ],
    });
    expect(status).toBe(200);
    expect(answer.predictions.map(best)).toEqual(['10', '10', '10', '10', '2583']);
    expect(new Set(answer.predictions.slice(0, 4).map((row) => row['10'])).size).toBe(1);
    // The model's order, which is not ascending.
    expect(raw).toMatch(/^\{"predictions": \[\{"2583": [\d.e-]+, "10": /);
  });

  it.each([
    ['no image', {}, /^Record 1: This model reads an image/],
    ['a text alone', { designation: 'a' }, /^Record 1: This model reads an image/],
    ['no base64', { image: 'https://example.org/a.png' }, /^Record 1: image must be a photo as base64/],
    ['nothing', { image: '' }, /^Record 1: image must be a photo as base64/],
    [
      'no photo',
      { image: Buffer.from('not a photo').toString('base64') },
      /^Record 1: .*not a JPEG, PNG or WebP/,
    ],
    ['both', { image: 'AAAA', image_path: 'green.png' }, /^Record 1: has both/],
    ['a path outside', { 'image path': '../a.png' }, /^Record 1: the path leaves the image folder/],
    ['an address', { 'image path': 'http://example.org/a.png' }, /^Record 1: an address is never fetched/],
  ])('names the record with %s', async (_case, record, message) => {
    const url = await start(image, { folder: await ImageFolder.open(dir, 1_000_000) });
    const { status, answer } = await invoke(url, { instances: [{ image_path: 'green.png' }, record] });
    expect([status, answer.error_code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    expect(answer.message).toMatch(message);
  });

  it('reads no path without an image folder, and names the flag', async () => {
    const { status, answer } = await invoke(await start(image), { instances: [{ image_path: 'green.png' }] });
    expect([status, answer.message]).toEqual([
      400,
      expect.stringMatching(/^Record 0: .*--image-root FOLDER/),
    ]);
  });

  it('answers about rows of fields with a tabular model, whatever they hold', async () => {
    const predictor = await loadTabularPredictor(await writeLinearTabularPackage(join(dir, 'tabular-model')));
    const records = [
      { prix: '12,5', categorie: 'mode' },
      { prix: 'nan', extra: [1] },
    ];
    const { status, answer } = await invoke(await start(predictor), { dataframe_records: records });
    const expected = await predictor.predict(records);
    expect([status, answer.predictions]).toEqual([
      200,
      expected.map(({ probabilities: [fast, normal, long] }) => ({ 0: fast, 1: normal, 2: long })),
    ]);
  });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('the condition was never met');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
