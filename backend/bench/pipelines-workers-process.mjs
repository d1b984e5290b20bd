/** The processes of `pipelines-workers.mjs`: `work`, `launch PIPELINE RUNS OFFSET`, `bare RUNS`. */
import 'reflect-metadata';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DBOS } from '@dbos-inc/dbos-sdk';
import { createLogger } from '../dist/common/http/logging.js';
import { loadConfig } from '../dist/config/load-config.js';
import { definePipeline } from '../dist/pipelines/definitions/pipeline-definition.js';
import { RunLauncher } from '../dist/pipelines/engine/run-launcher.js';
import { RunQueue } from '../dist/pipelines/engine/run-queue.js';
import { PipelinesPool } from '../dist/pipelines/store/pipelines-pool.js';
import { RunStore } from '../dist/pipelines/store/run-store.js';
import { WorkerHost } from '../dist/pipelines/worker/worker-host.js';

const config = loadConfig(join(import.meta.dirname, '..', '..'));
const [role, ...args] = process.argv.slice(2);

const diamond = (id, waitMs) => {
  const step = (name, dependsOn = []) => ({
    name,
    description: name,
    dependsOn,
    bind: () => async () => {
      if (waitMs > 0) await sleep(waitMs);
      return { rowsIn: 0, rowsOut: 0 };
    },
  });
  const steps = [step('a'), step('b', ['a']), step('c', ['a']), step('d', ['b', 'c'])];
  return definePipeline({ id, description: id, isExclusive: false, steps });
};
const definitions = [diamond('empty', 0), diamond('waiting', 50)];

await { work, launch, bare }[role](...args);

function work() {
  const host = new WorkerHost({ config, logger: createLogger(config.logging.level), definitions });
  host.start();
  process.once('SIGTERM', () => void host.stop().then(() => process.exit(0)));
}

async function launch(id, runs, offset) {
  const pool = new PipelinesPool(config);
  const queue = new RunQueue(pool);
  const launcher = new RunLauncher(new RunStore(pool), queue, pool);
  const definition = definitions.find((candidate) => candidate.id === id);
  await launcher.transact(async (client) => {
    for (let index = 0; index < Number(runs); index += 1)
      await launcher.launch(client, definition, {
        scheduledFor: new Date(Number(offset) + index),
        parameters: {},
        trigger: 'manual',
        triggeredBy: 'bench',
      });
  });
  process.send(Date.now());
  await queue.onApplicationShutdown();
  await pool.onApplicationShutdown();
  process.disconnect();
}

/** What the engine does by itself: the same number of steps, nothing written but its own records. */
async function bare(runs) {
  let ended = 0;
  const workflow = DBOS.registerWorkflow(
    async () => {
      for (const name of ['a', 'b', 'c', 'd']) await DBOS.runStep(() => Promise.resolve(0), { name });
      ended += 1;
    },
    { name: 'bare' },
  );
  DBOS.setConfig({
    name: 'bare',
    systemDatabaseUrl: config.database.url,
    applicationVersion: 'bare',
    logLevel: 'error',
  });
  await DBOS.launch();
  await DBOS.registerQueue('bare', {
    workerConcurrency: config.pipelines.concurrency,
    minPollingIntervalMs: 50,
  });
  await DBOS.startWorkflow(workflow, { queueName: 'bare' })().then((handle) => handle.getResult());
  for (let index = 0; index < Number(runs); index += 1)
    await DBOS.startWorkflow(workflow, { queueName: 'bare' })();
  ended = 0;
  const start = Date.now();
  const open = async () => (await DBOS.listQueuedWorkflows({ queueName: 'bare', loadInput: false })).length;
  while ((await open()) > 0) await sleep(20);
  process.send(ended / ((Date.now() - start) / 1_000));
  process.once('SIGTERM', () => void DBOS.shutdown().then(() => process.exit(0)));
}
