import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  PipelineDto,
  PipelineGraphDto,
  PipelineWorkerDto,
} from '../../src/pipelines/dto/pipeline.dto.js';
import type {
  BackfillResultDto,
  PipelineLogLineDto,
  PipelineRunDto,
} from '../../src/pipelines/dto/run.dto.js';
import type { ApiClient } from '../support/api-client.js';
import {
  completeFiles,
  createPipelineApp,
  pipelinesPath as path,
  type PipelineApp,
} from '../pipelines/support/pipeline-app.js';

let app: PipelineApp;
let admin: ApiClient;
let user: ApiClient;

beforeAll(async () => {
  app = await createPipelineApp();
  admin = app.adminClient;
  user = await app.user('anna@example.org');
  await app.writeSmall(completeFiles);
  app.startWorker();
});
afterAll(() => app.close());

const month = (name: string) => ({ scheduled_for: `${name}-01T00:00:00Z` });

describe('definitions', () => {
  it('are listed with schedule, steps and what depends on what', async () => {
    const { status, body } = await user.get<PipelineDto[]>(path);
    expect(status).toBe(200);
    expect(body.map(({ id, starts_after }) => [id, starts_after])).toEqual([
      ['load-client-data', null],
      ['load-sales-data', null],
      ['process-data', 'load-client-data'],
      ['train-customer-label', 'process-data'],
    ]);
    const sales = body[1]!;
    expect(sales.schedule).toMatchObject({ cron: '@monthly', catch_up: true, is_paused: false });
    expect(sales.steps.map(({ name, depends_on }) => [name, depends_on])).toEqual([
      ['load-month', []],
      ['check-month', ['load-month']],
      ['publish-month', ['check-month']],
      ['monthly-sales', ['publish-month']],
      ['monthly-avg-count', ['monthly-sales']],
    ]);
  });

  it('are drawn', async () => {
    const { body: graph } = await user.get<PipelineGraphDto>(`${path}/load-client-data/graph`);
    expect(graph.edges).toContainEqual({ from: 'load-profiles', to: 'check-labels' });
    const svg = await user.get<string>(`${path}/load-client-data/graph.svg`);
    expect([svg.status, svg.headers.get('content-type')]).toEqual([200, 'image/svg+xml; charset=utf-8']);
    expect(svg.body).toContain('<title id="graph-title">Pipeline load-client-data</title>');
    expect(svg.body.match(/<g data-step=/g)).toHaveLength(graph.nodes.length);
  });

  it('are 404 where there are none', async () => {
    for (const tail of ['', '/graph', '/graph.svg'])
      expect((await user.get(`${path}/no-such${tail}`)).body.code).toBe('pipeline-not-found');
  });
});

describe('a load', () => {
  it('is executed, starts what comes after it, and fills every table', async () => {
    const run = await app.execute('load-client-data', { scheduled_for: '2024-01-01T00:00:00Z' });
    expect(run).toMatchObject({ state: 'succeeded', trigger: 'manual', error: null });
    expect(run.steps.map(({ name, state, attempts }) => [name, state, attempts])).toEqual(
      [
        'load-profiles',
        'load-activity',
        'load-labels',
        'load-stores',
        'check-profiles',
        'check-activity',
        'check-labels',
        'check-stores',
        'publish',
        'judge-predictions',
      ].map((name) => [name, 'succeeded', 1]),
    );
    const { steps } = run;
    expect(steps[0]).toMatchObject({ rows_in: 3, rows_out: 3 });
    const processed = await findRun('process-data');
    expect(processed).toMatchObject({
      state: 'succeeded',
      trigger: 'pipeline',
      triggered_by: 'load-client-data',
    });
    await expect(app.database.query('SELECT count(*)::integer AS n FROM feature_store')).resolves.toEqual([
      { n: 3 },
    ]);
    await findRun('train-customer-label');
  });

  it('is one run for one month, whoever asks and how often', async () => {
    const asked = await Promise.all(
      Array.from({ length: 4 }, () => app.trigger('load-sales-data', month('2020-01'))),
    );
    expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
    expect(asked.filter(({ is_new }) => is_new).length).toBeLessThanOrEqual(1);
    const again = await admin.send('POST', `${path}/load-sales-data/runs`, {
      json: { scheduled_for: '2020-01-17T12:00:00Z' },
    });
    expect([again.status, again.body.is_new, again.body.id]).toEqual([200, false, asked[0]!.id]);
    expect(again.headers.get('location')).toBe(`${path}/runs/${asked[0]!.id}`);
    const other = await admin.send('POST', `${path}/load-sales-data/runs`, {
      json: { ...month('2020-01'), parameters: { max_row_change: 2 } },
    });
    expect([other.status, other.body.code]).toEqual([409, 'pipeline-run-exists']);
    const run = await app.waitForEnd(asked[0]!.id);
    expect(run.state).toBe('succeeded');
    await expect(countSales()).resolves.toEqual([{ month: '2020-01', n: 3 }]);
  });

  it('tells in its logs what it does', async () => {
    const run = await findRun('load-client-data');
    const logs = `${path}/runs/${run.id}/steps/check-activity/logs`;
    const { body } = await user.get<PipelineLogLineDto[]>(logs);
    expect(body.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^attempt 1 on worker/),
        expect.stringContaining('passed activity'),
      ]),
    );
    const rest = await user.get<PipelineLogLineDto[]>(`${logs}?after=${body[0]!.id}&limit=1`);
    expect(rest.body).toEqual([body[1]]);
    expect((await user.get(`${logs}?limit=0`)).status).toBe(422);
  });

  it('fails with the rows that are wrong, stops what depends on it, and goes on from there once it is mended', async () => {
    const broken = 'idx,value,date,store_idx\n1,10,2020-02-29,3\n1,1,2020-02-01,3\n2,5,2020-02-03,9\n';
    await app.write('sales/2020-02-01/sales.csv', broken);
    const run = await app.execute('load-sales-data', month('2020-02'));
    expect(run).toMatchObject({ state: 'failed', error: 'failed: check-month' });
    const states = run.steps.map(({ state }) => state);
    expect(states).toEqual(['succeeded', 'failed', 'skipped', 'skipped', 'skipped']);
    expect(run.steps[1]!.error).toMatch(/sales\.idx\.unique.*\n?.*sales\.store_idx\.store.*store_idx 9/s);
    expect(run.steps[1]!.details).toMatchObject({ failures: expect.any(Array) as unknown });
    await expect(countSales()).resolves.toEqual([{ month: '2020-01', n: 3 }]);

    await app.writeSmall(completeFiles);
    const retry = await admin.send('POST', `${path}/runs/${run.id}/retry`, {
      json: { from_step: 'load-month' },
    });
    expect([retry.status, retry.body.round]).toEqual([202, 2]);
    const mended = await app.waitForEnd(run.id);
    expect(mended).toMatchObject({ state: 'succeeded', error: null });
    expect(mended.steps.map(({ attempts }) => attempts)).toEqual([2, 2, 1, 1, 1]);
    await expect(countSales()).resolves.toEqual([
      { month: '2020-01', n: 3 },
      { month: '2020-02', n: 2 },
    ]);
  });

  it.each([
    ['is missing', null, /sales.*is missing/],
    ['is cut off', 'idx,value,date,store_idx\n1,10,2020-03-29,3\n2,1,20', /./],
    ['has another column', 'idx,value,day,store_idx\n1,10,2020-03-29,3\n', /day|date/],
    ['is empty', '', /./],
  ])('fails where its file %s, and changes nothing', async (what, content, reason) => {
    const name = `2020-0${3 + ['is missing', 'is cut off', 'has another column', 'is empty'].indexOf(what)}`;
    await app.write(`sales/${name}-01/sales.csv`, content);
    const before = await countSales();
    const run = await app.execute('load-sales-data', month(name));
    expect(run.state).toBe('failed');
    expect(run.steps[0]).toMatchObject({ state: 'failed', attempts: 1 });
    expect(run.steps[0]!.error).toMatch(reason);
    await expect(countSales()).resolves.toEqual(before);
  });

  it('is backfilled over a range', async () => {
    const { status, body } = await admin.send<BackfillResultDto>('POST', `${path}/load-sales-data/backfill`, {
      json: { from: '2020-01-01', to: '2020-02-15' },
    });
    expect(status).toBe(202);
    expect(body.runs.map(({ scheduled_for, is_new }) => [String(scheduled_for).slice(0, 7), is_new])).toEqual(
      [
        ['2020-01', false],
        ['2020-02', false],
      ],
    );
  });
});

describe('runs', () => {
  it('are listed in pages, by pipeline, state and time', async () => {
    const list = async (query: string) =>
      (await user.get<{ items: PipelineRunDto[]; total: number }>(`${path}/runs?${query}`)).body;
    const failed = await list('pipeline_id=load-sales-data&state=failed&limit=2');
    expect([failed.items.length, failed.total]).toEqual([2, 4]);
    expect((await list('from=2020-02-01&to=2020-03-01')).items.map(({ state }) => state)).toEqual([
      'succeeded',
    ]);
    expect((await list('pipeline_id=nothing')).total).toBe(0);
  });

  it('are retried only where they have ended, and cancelled only where they have not', async () => {
    const { id } = await findRun('load-client-data');
    const send = async (action: string, json?: object) => {
      const { status, body } = await admin.send('POST', `${path}/runs/${id}/${action}`, { json });
      return [status, body.code];
    };
    expect(await send('retry', {})).toEqual([409, 'pipeline-run-state']);
    expect(await send('retry', { from_step: 'nope' })).toEqual([422, 'validation-failed']);
    expect(await send('cancel')).toEqual([409, 'pipeline-run-state']);
  });

  it('are cancelled while a step runs, which is rolled back', async () => {
    const holder = await app.holdTable('customer_profiles');
    const { id } = await app.trigger('load-client-data', { scheduled_for: '2024-02-01T00:00:00Z' });
    await app.waitForRun(id, ({ steps }) => steps[8]!.state === 'running');
    const { status, body } = await admin.send('POST', `${path}/runs/${id}/cancel`, {});
    expect([status, body.state]).toEqual([200, 'cancelled']);
    const run = await app.getRun(id);
    expect(run.steps.at(-1)).toMatchObject({
      state: 'cancelled',
      error: expect.stringContaining('admin') as string,
    });
    await holder.release();
    const next = await app.execute('load-client-data', { scheduled_for: '2024-03-01T00:00:00Z' });
    expect(next.state).toBe('succeeded');
  });
});

describe('schedules', () => {
  it('are paused and resumed, and shown so', async () => {
    const send = (action: string, id = 'load-sales-data') =>
      admin.send<PipelineDto>('POST', `${path}/${id}/${action}`, {});
    const paused = await send('pause');
    expect(paused.body.schedule).toMatchObject({ is_paused: true, next_scheduled_for: null });
    expect(paused.body.schedule!.paused_by).toContain('admin');
    const resumed = await send('resume');
    expect(resumed.body.schedule).toMatchObject({ is_paused: false, paused_by: null });
    expect((await send('pause', 'process-data')).body).toMatchObject({ code: 'pipeline-not-scheduled' });
  });
});

describe('changes', () => {
  it('are streamed as they are committed', async () => {
    const abort = new AbortController();
    const response = await fetch(`${app.url}${path}/events`, {
      headers: { authorization: `Bearer ${user.token}` },
      signal: abort.signal,
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('text/event-stream'),
    ]);
    const heard = listen(response);
    await heard.until((text) => text.includes('event: reset'));
    await sleep(300);
    const { id } = await app.execute('process-data', { scheduled_for: '2024-04-01T00:00:00Z' });
    const text = await heard.until((all) =>
      all.includes(`"run_id":"${id}"`) === false ? false : all.includes('succeeded'),
    );
    expect(text).toMatch(/event: run\n(id: .*\n)?data: .*"state" ?: ?"queued"/);
    expect(text).toContain('event: step');
    abort.abort();
  });
});

describe('guards', () => {
  it('let users read and administrators run', async () => {
    const run = await findRun('load-client-data');
    for (const [method, tail] of [
      ['POST', 'load-sales-data/runs'],
      ['POST', 'load-sales-data/backfill'],
      ['POST', 'load-sales-data/pause'],
      ['POST', `runs/${run.id}/retry`],
      ['POST', `runs/${run.id}/cancel`],
    ] as const)
      expect((await user.send(method, `${path}/${tail}`, { json: {} })).status).toBe(403);
    for (const tail of ['', '/runs', '/events', '/workers', '/load-sales-data/graph.svg'])
      expect((await app.client.get(`${path}${tail}`)).status).toBe(401);
    const { body } = await user.get<PipelineWorkerDto[]>(`${path}/workers`);
    expect(body).toEqual([expect.objectContaining({ pid: process.pid })]);
  });

  it.each([
    ['an unknown parameter', { parameters: { colour: 1 } }, '#/parameters/colour'],
    ['a parameter of another type', { parameters: { max_row_change: 'x' } }, '#/parameters/max_row_change'],
    ['a parameter out of bounds', { parameters: { max_row_change: -1 } }, '#/parameters/max_row_change'],
    ['no time', { scheduled_for: 'yesterday' }, '#/scheduled_for'],
    ['a time before the first', { scheduled_for: '1999-01-01T00:00:00Z' }, '#/scheduled_for'],
    ['a list of parameters', { parameters: [1] }, '#/parameters'],
    ['another field', { month: '2020-01' }, '#/month'],
  ])('refuse %s', async (_name, json, pointer) => {
    const { status, body } = await admin.send('POST', `${path}/load-sales-data/runs`, { json });
    expect([status, body.code]).toEqual([422, 'validation-failed']);
    expect(body.errors).toContainEqual(expect.objectContaining({ pointer }));
  });

  it.each([
    ['an endless backfill', 'load-sales-data', { from: '2020-01-01', to: '2399-01-01' }, 'validation-failed'],
    [
      'a backfill to the past',
      'load-sales-data',
      { from: '2021-01-01', to: '2020-01-01' },
      'validation-failed',
    ],
    [
      'a backfill without a schedule',
      'process-data',
      { from: '2020-01-01', to: '2020-02-01' },
      'pipeline-not-scheduled',
    ],
  ])('refuse %s', async (_name, pipeline, json, code) => {
    expect((await admin.send('POST', `${path}/${pipeline}/backfill`, { json })).body.code).toBe(code);
  });

  it('answer for runs that are none', async () => {
    expect((await user.get(`${path}/runs/${randomUUID()}`)).body.code).toBe('pipeline-run-not-found');
    expect((await user.get(`${path}/runs/7`)).status).toBe(422);
    expect((await user.get(`${path}/load-sales-data/graph?run_id=${randomUUID()}`)).status).toBe(422);
  });
});

async function findRun(pipeline: string): Promise<PipelineRunDto> {
  for (let look = 0; look < 100; look += 1) {
    const url = `${path}/runs?pipeline_id=${pipeline}`;
    const { body } = await user.get<{ items: PipelineRunDto[] }>(url);
    const first = body.items.at(-1);
    if (first?.finished_at) return first;
    await sleep(100);
  }
  throw new Error(`No run of ${pipeline} has ended`);
}

const countSales = () =>
  app.database.query<{ month: string; n: number }>(
    `SELECT to_char(month, 'YYYY-MM') AS month, count(*)::integer AS n FROM store_sales GROUP BY 1 ORDER BY 1`,
  );

/** Reads a stream of events. */
function listen(response: Response) {
  let text = '';
  const decoder = new TextDecoder();
  const reader = response.body!.getReader();
  return {
    until: async (isSo: (text: string) => boolean): Promise<string> => {
      while (!isSo(text)) {
        const { done, value } = await reader.read();
        if (done) throw new Error(`The stream ended: ${text}`);
        text += decoder.decode(value, { stream: true });
      }
      return text;
    },
  };
}
