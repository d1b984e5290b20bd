import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { createApp } from './app.factory.js';
import { createLogger } from './common/http/logging.js';
import { ConfigError } from './config/config.error.js';
import { loadConfig } from './config/load-config.js';
import type { OpenDatabase } from './database/open-database.js';
import { openDatabase } from './database/open-database.js';

/** Runs the API until the process is told to stop. */
export async function runServer(): Promise<void> {
  let database: OpenDatabase | undefined;
  let logger = createLogger('warn');
  try {
    const config = loadConfig();
    logger = createLogger(config.logging.level);
    database = await openDatabase(config);
    if (config.auth.isSecretKeyEphemeral) {
      logger.warn('SECRET_KEY is not set: access tokens end with this process');
    }
    const app = await createApp({ config: database.config, logger });
    stopOnSignal(app, database, config.server.shutdownTimeoutMs, logger);
    await app.listen(config.server.port, config.server.host);
    logger.info(`Listening on ${await app.getUrl()}`);
  } catch (error) {
    await database?.close().catch(() => undefined);
    if (error instanceof ConfigError) {
      logger.fatal(error.message);
    } else {
      logger.fatal({ err: error }, 'The server does not start');
    }
    process.exitCode = 1;
    // What is left open must not keep a server alive that does not serve.
    setTimeout(() => process.exit(1), 1_000).unref();
  }
}

/** Lets requests under way finish, then closes the database; a second signal or the time limit ends it at once. */
function stopOnSignal(
  app: NestFastifyApplication,
  database: OpenDatabase,
  timeoutMs: number,
  logger: Logger,
): void {
  let isStopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (isStopping) {
      process.exit(1);
    }
    isStopping = true;
    logger.info(`${signal}: stopping`);
    const deadline = setTimeout(() => app.getHttpServer().closeAllConnections(), timeoutMs);
    void app
      .close()
      .finally(() => database.close())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          logger.error({ err: error }, 'The server did not stop cleanly');
          process.exit(1);
        },
      )
      .finally(() => clearTimeout(deadline));
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
}
