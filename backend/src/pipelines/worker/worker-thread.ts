/** The embedded worker's thread: the API starts it with its own configuration, and tells it to stop. */
import 'reflect-metadata';
import { parentPort, workerData } from 'node:worker_threads';
import { createLogger } from '../../common/http/logging.js';
import type { AppConfig } from '../../config/app-config.js';
import { WorkerHost } from './worker-host.js';

const config = workerData as AppConfig;
const host = new WorkerHost({ config, logger: createLogger(config.logging.level) });
host.start();
parentPort!.once('message', () => {
  void host.stop().finally(() => process.exit(0));
});
