import { createLogger } from '../../common/http/logging.js';
import { ConfigError } from '../../config/config.error.js';
import { loadConfig } from '../../config/load-config.js';
import { openDatabase } from '../../database/open-database.js';
import type { Telemetry } from '../../telemetry/preload.js';
import { WorkerHost } from './worker-host.js';

/** Executes pipelines until the process is told to stop; any number of such processes share the work. */
export async function runWorkerProcess(telemetry: Telemetry): Promise<void> {
  try {
    await work(telemetry);
  } catch (error) {
    createLogger('warn').fatal(
      error instanceof ConfigError ? error.message : { err: error, msg: 'The worker does not start' },
    );
    process.exitCode = 1;
    void telemetry.stop();
  }
}

async function work(telemetry: Telemetry): Promise<void> {
  const config = loadConfig();
  const logger = createLogger(config.logging.level, { sink: telemetry.logSink });
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
      .finally(() => telemetry.stop())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
}
