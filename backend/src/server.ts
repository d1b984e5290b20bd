import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from './app.factory.js';
import { createLogger } from './common/http/logging.js';
import type { AppConfig } from './config/app-config.js';
import { loadConfig } from './config/load-config.js';

/** Runs the API until the process is told to stop. */
export async function runServer(): Promise<void> {
  const config = loadConfig();
  const logger = createLogger(config.logging.level);
  const app = await createApp({ config, logger });
  await app.listen(config.server.port, config.server.host);
  stopOnSignal(app, config);
}

function stopOnSignal(app: NestFastifyApplication, _config: AppConfig): void {
  const stop = (): void => {
    void app.close().then(() => process.exit(0));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
}
