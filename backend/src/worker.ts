import 'reflect-metadata';
import { createLogger } from './common/http/logging.js';
import { ConfigError } from './config/config.error.js';
import { loadConfig } from './config/load-config.js';
import { openDatabase } from './database/open-database.js';
import { WorkerHost } from './pipelines/worker/worker-host.js';

/** Executes pipelines until the process is told to stop; any number of such processes share the work. */
async function main(): Promise<void> {
  const config = loadConfig();
  const logger = createLogger(config.logging.level);
  const database = await openDatabase(config);
  const host = new WorkerHost({ config: database.config, logger });
  host.start();
  let isStopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    // A second signal ends the process at once.
    if (isStopping) process.exit(1);
    isStopping = true;
    logger.info(`${signal}: stopping`);
    void host
      .stop()
      .finally(() => database.close())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
}

try {
  await main();
} catch (error) {
  createLogger('warn').fatal(
    error instanceof ConfigError ? error.message : { err: error, msg: 'The worker does not start' },
  );
  process.exitCode = 1;
}
