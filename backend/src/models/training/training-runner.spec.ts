import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { buildConfig } from '../../config/build-config.js';
import { TrainingRunner } from './training-runner.js';
import { TrainingFailedError, TrainingUnavailableError } from './training.errors.js';

const result = { run_id: 'r1', model: 'time-to-sell', version: 3, metrics: { log_loss: 0.95, best: null } };

/** A command line as ours: what it does is its own first argument. */
const COMMAND_LINE = `
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
const [command, ...args] = process.argv.slice(2);
const out = args[args.indexOf('--output-dir') + 1];
const commands = {
  train: () => {
    console.log('fitting');
    console.error('a warning');
    writeFileSync(join(out, 'seen.json'), JSON.stringify({ args, env: process.env, nice: getPriority() }));
    writeFileSync(join(out, 'result.json'), ${JSON.stringify(JSON.stringify(result))});
  },
  silent: () => undefined,
  nonsense: () => writeFileSync(join(out, 'result.json'), '{"run_id": 7}'),
  fail: () => {
    for (let i = 0; i < 100; i++) console.log('line ' + i + ' ' + 'x'.repeat(2000));
    console.error('vitrine: three rows are not enough');
    process.exitCode = 1;
  },
  compute: () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
    writeFileSync(join(out, 'pids.json'), JSON.stringify([process.pid, child.pid]));
    for (;;);
  },
};
commands[command]();
`;

describe('TrainingRunner', () => {
  let dir: string;
  let runner: TrainingRunner;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    dir = await mkdtemp(join(tmpdir(), 'vitrine-training-'));
    await writeFile(join(dir, 'main.mjs'), COMMAND_LINE);
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));
  beforeEach(() => (runner = build()));
  afterEach(() => runner.onModuleDestroy());

  const build = (env: Record<string, string> = {}) =>
    new TrainingRunner(
      buildConfig(
        { TRAINING_ENTRY_PATH: 'main.mjs', SECRET_KEY: 's'.repeat(40), PATH: process.env.PATH, ...env },
        dir,
      ),
    );
  const outputDir = (name: string) => join(dir, 'out', name);
  const run = (command: string, options = {}) =>
    runner.run({ command, outputDir: outputDir(command), args: ['--seed', '7'], ...options });
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => Promise.reject(new Error('It did not fail')),
      (error: TrainingFailedError) => error,
    );

  it('answers with what the training left', async () => {
    await expect(run('train')).resolves.toEqual({
      runId: 'r1',
      model: 'time-to-sell',
      version: 3,
      metrics: { log_loss: 0.95 },
    });
  });

  it('passes the registry on and no other secret, and is nice', async () => {
    runner = build({ MLFLOW_TRACKING_URI: 'http://mlflow:5000', DATABASE_URL: 'postgres://u:p@h/d' });
    await run('train');
    const seen = JSON.parse(await readFile(join(outputDir('train'), 'seen.json'), 'utf8')) as {
      args: string[];
      env: Record<string, string>;
      nice: number;
    };
    expect(seen.args).toEqual(['--seed', '7', '--output-dir', outputDir('train')]);
    expect(seen.nice).toBe(10);
    expect(seen.env).toMatchObject({
      MLFLOW_TRACKING_URI: 'http://mlflow:5000',
      REGISTRY_DIR: join(dir, 'data/registry'),
    });
    expect(Object.keys(seen.env)).not.toEqual(expect.arrayContaining(['SECRET_KEY']));
    expect(Object.keys(seen.env)).not.toEqual(expect.arrayContaining(['DATABASE_URL']));
  });

  it('tells how a training failed, with a bounded end of its output', async () => {
    const error = await failure(run('fail'));
    expect(error).toBeInstanceOf(TrainingFailedError);
    expect([error.status, error.code, error.detail]).toEqual([500, 'training-failed', undefined]);
    expect(error.reason).toBe('fail ended with code 1');
    expect(error.output).toHaveLength(26);
    expect(error.output).toContain('vitrine: three rows are not enough');
    expect(Math.max(...error.output.map((line) => line.length))).toBeLessThanOrEqual(500);
  });

  it.each(['silent', 'nonsense'])(
    'takes no %s for a result, nor that of an earlier training',
    async (kind) => {
      await run('train', { outputDir: outputDir(kind) });
      expect((await failure(run(kind))).reason).toBe(`${kind} left no result`);
    },
  );

  it('refuses where the workspace is absent', async () => {
    runner = build({ TRAINING_ENTRY_PATH: 'nowhere/main.js' });
    await expect(run('train')).rejects.toBeInstanceOf(TrainingUnavailableError);
    await expect(runner.isAvailable()).resolves.toBe(false);
  });

  it('ends a training that takes too long', async () => {
    const error = await failure(run('compute', { outputDir: outputDir('slow'), timeoutMs: 400 }));
    expect(error.reason).toBe('compute was stopped after 400 ms');
  });

  it('ends a training that is no longer wanted, with everything it started', async () => {
    const wanted = new AbortController();
    const training = failure(run('compute', { outputDir: outputDir('unwanted'), signal: wanted.signal }));
    const pids = await pidsOf('unwanted');
    wanted.abort();
    expect((await training).reason).toBe('compute was stopped');
    await expectGone(pids);
  });

  it('ends trainings when the server stops, those that wait too', async () => {
    const trainings = [
      run('compute', { outputDir: outputDir('stopped') }),
      run('train', { outputDir: outputDir('queued') }),
    ].map(failure);
    const pids = await pidsOf('stopped');
    await runner.onModuleDestroy();
    await expectGone(pids);
    expect((await Promise.all(trainings)).map(({ reason }) => reason)).toEqual([
      'compute was stopped',
      'train was stopped',
    ]);
  });

  it('trains one at a time, in the order of asking', async () => {
    const ends: string[] = [];
    const note = (name: string) =>
      run('train', { outputDir: outputDir(name) }).then(async () => {
        ends.push(name);
      });
    await Promise.all([note('first'), failure(run('fail')), note('second')]);
    expect(ends).toEqual(['first', 'second']);
  });

  it('does not let a training outlive a server that is killed', async () => {
    const out = outputDir('orphan');
    const server = spawn(
      process.execPath,
      ['--input-type=module', '-e', orphanScript(join(dir, 'main.mjs'), out)],
      {
        stdio: 'inherit',
      },
    );
    const pids = await pidsOf('orphan');
    server.kill('SIGKILL');
    await once(server, 'exit');
    await expectGone(pids);
  });

  async function pidsOf(name: string): Promise<number[]> {
    for (let i = 0; i < 600; i++) {
      const text = await readFile(join(outputDir(name), 'pids.json'), 'utf8').catch(() => '');
      if (text.endsWith(']')) return JSON.parse(text) as number[];
      await sleep(50);
    }
    throw new Error('The training did not start');
  }
});

/** A server that does nothing but train, from the compiled code. */
function orphanScript(entry: string, out: string): string {
  const compiled = new URL('../../../dist/models/training/training-process.js', import.meta.url).href;
  return `
import { mkdirSync } from 'node:fs';
import { TrainingProcess } from ${JSON.stringify(compiled)};
mkdirSync(${JSON.stringify(out)}, { recursive: true });
new TrainingProcess({
  entry: ${JSON.stringify(entry)},
  args: ['compute', '--output-dir', ${JSON.stringify(out)}],
  env: {},
  cwd: '/',
  onLine: () => undefined,
});
`;
}

async function expectGone(pids: readonly number[]): Promise<void> {
  for (let i = 0; i < 100 && pids.some(isRunning); i++) await sleep(50);
  expect(pids.filter(isRunning)).toEqual([]);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
