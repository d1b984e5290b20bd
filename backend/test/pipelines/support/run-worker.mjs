// Runs a pipeline worker from its sources; with WORKER_DEFINITIONS those of that module instead of the program's own.
import { require } from '../../fixtures/load-sources.mjs';

const { loadConfig } = require('./config/load-config.ts');
const { createLogger } = require('./common/http/logging.ts');
const { WorkerHost } = require('./pipelines/worker/worker-host.ts');

const config = loadConfig(process.env.WORKER_ROOT);
const definitions = process.env.WORKER_DEFINITIONS && require(process.env.WORKER_DEFINITIONS).definitions;
const host = new WorkerHost({
  config,
  logger: createLogger(config.logging.level),
  ...(definitions ? { definitions } : {}),
});
host.start();
process.once('SIGTERM', () => void host.stop().then(() => process.exit(0)));
