import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { completeFiles, createPipelineApp, type PipelineApp } from './support/pipeline-app.js';
import {
  fingerprint,
  killCases,
  killDuringStep,
  killDuringTraining,
  prepareFaults,
} from './support/fault-cases.js';
import { sourceFaults } from './support/source-faults.js';

const rows: string[] = [];
const note = (fault: string, outcome: string): void => {
  rows.push(`${fault.padEnd(48)} ${outcome}`);
};

// Takes minutes: `bench:pipeline-faults` runs it; `pipelines-faults.spec.ts` has one case of each kind.
describe('the fault matrix', () => {
  let app: PipelineApp;
  beforeAll(async () => {
    app = await createPipelineApp();
    await app.writeSmall(completeFiles);
  });
  afterAll(async () => {
    await app.close();
    process.stdout.write(`\n${rows.join('\n')}\n\n`);
  });

  it('kill -9 in each step', async () => {
    const bench = await prepareFaults(app);
    for (const faultCase of killCases) {
      const { state, interruptions, takeoverMs, isExact } = await killDuringStep(app, bench, faultCase);
      const seconds = (takeoverMs / 1_000).toFixed(1);
      note(
        `kill -9 in ${faultCase.name}`,
        `${state}, taken over after ${seconds} s, tables ${isExact ? 'exact' : 'WRONG'}`,
      );
      expect([interruptions, isExact]).toEqual([1, true]);
      expect(takeoverMs).toBeLessThan(30_000);
    }
    await bench.worker.signal('SIGTERM');
  }, 600_000);

  it('kill -9 in each step of a training', async () => {
    const root = join(import.meta.dirname, '../../..');
    const cli = join(root, 'datascience/training/dist/main.js');
    const trained = await createPipelineApp({ env: { TRAINING_ENTRY_PATH: cli } });
    try {
      const sizes = ['--customers', '3000', '--months', '1'];
      execFileSync(process.execPath, [cli, 'demo-customers', '--output-dir', trained.filesDir, ...sizes]);
      const { state, versions, interruptions } = await killDuringTraining(trained);
      note(
        'kill -9 in train-customer-label, all three steps of one run',
        `${state}, ${versions} version, taken over ${interruptions.join(' + ')} times`,
      );
      expect([state, versions, interruptions]).toEqual(['succeeded', 1, [1, 1, 1]]);
    } finally {
      await trained.close();
    }
  }, 240_000);

  it.each([2, 4])(
    'a month asked for 8 times of %i workers',
    async (count) => {
      const workers = Array.from({ length: count }, () => app.spawnWorker());
      await app.waitForWorkers(count);
      const month = `2020-0${count}`;
      const file = `idx,value,date,store_idx\n1,10,${month}-11,3\n2,1,${month}-01,3\n`;
      await app.write(`sales/${month}-01/sales.csv`, file);
      const asked = await Promise.all(
        Array.from({ length: 8 }, () =>
          app.trigger('load-sales-data', { scheduled_for: `${month}-01T00:00:00Z` }),
        ),
      );
      const runs = new Set(asked.map(({ id }) => id));
      const run = await app.waitForEnd(asked[0]!.id);
      const { months } = await fingerprint(app);
      const attempts = run.steps.reduce((sum, { attempts: tries }) => sum + tries, 0);
      note(
        `${count} workers, the same month asked for 8 times`,
        `${runs.size} run, ${run.state}, ${attempts} tries of 5 steps, ${months[month]} rows of 2`,
      );
      await Promise.all(workers.map((worker) => worker.signal('SIGTERM')));
      expect([runs.size, run.state, attempts, months[month]]).toEqual([1, 'succeeded', 5, 2]);
    },
    120_000,
  );

  it('source files that are wrong', async () => {
    const worker = app.spawnWorker();
    await app.waitForWorkers(1);
    for (const [index, { name, pipeline, file, content, retryFrom }] of sourceFaults.entries()) {
      await app.writeSmall(completeFiles);
      const before = await fingerprint(app);
      await app.write(file, content);
      const time =
        pipeline === 'load-sales-data'
          ? new Date(Date.UTC(2020, 0, 1))
          : new Date(Date.UTC(2026, 0, index + 1));
      const asked = await app.trigger(pipeline, { scheduled_for: time.toISOString() });
      if (!asked.is_new) await retry(app, asked.id, retryFrom);
      const failed = await app.waitForEnd(asked.id);
      const step = failed.steps.find(({ state }) => state === 'failed');
      const untouched = JSON.stringify((await fingerprint(app)).months) === JSON.stringify(before.months);
      await app.writeSmall(completeFiles);
      await retry(app, asked.id, retryFrom);
      const mended = await app.waitForEnd(asked.id);
      const reason = (step?.error ?? 'none').split('\n')[0]!.replaceAll(`${app.filesDir}/`, '').slice(0, 104);
      note(
        `${pipeline}: ${name}`,
        `${failed.state} in ${step?.name}; retried: ${mended.state}\n          ${reason}`,
      );
      expect([failed.state, untouched, mended.state]).toEqual(['failed', true, 'succeeded']);
    }
    await worker.signal('SIGTERM');
  }, 300_000);
});

async function retry(app: PipelineApp, id: string, from_step: string): Promise<void> {
  await app.adminClient.send('POST', `/api/v1/pipelines/runs/${id}/retry`, { json: { from_step } });
  await app.waitForRun(
    id,
    ({ finished_at }) => finished_at === null || Date.now() - +new Date(finished_at) < 2_000,
  );
}
