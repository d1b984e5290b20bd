import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { createApp } from './app.factory.js';
import { createLogger } from './common/http/logging.js';
import type { AppConfig } from './config/app-config.js';
import { ConfigError } from './config/config.error.js';
import { loadConfig } from './config/load-config.js';
import type { OpenDatabase } from './database/open-database.js';
import { openDatabase } from './database/open-database.js';
import type { Telemetry } from './telemetry/preload.js';

/** Runs the API until the process is told to stop. */
export async function runServer(telemetry: Telemetry): Promise<void> {
  let logger = createLogger('warn');
  try {
    const config = loadConfig();
    logger = createLogger(config.logging.level, { sink: telemetry.logSink });
    if (config.auth.isSecretKeyEphemeral) {
      logger.warn('SECRET_KEY is not set: access tokens end with this process');
    }
    await serve(config, logger, telemetry);
  } catch (error) {
    logger.fatal(
      error instanceof ConfigError
        ? error.message
        : { err: error, msg: `The server does not start: ${messageOf(error)}` },
    );
    process.exitCode = 1;
    void telemetry.stop();
    // What is left open must not keep a process alive that does not serve.
    setTimeout(() => process.exit(1), 1_000).unref();
  }
}

/** Opens the database, then the server; where the second fails, the first is closed again. */
async function serve(config: AppConfig, logger: Logger, telemetry: Telemetry): Promise<void> {
  const database = await openDatabase(config);
  let app: NestFastifyApplication | undefined;
  try {
    app = await createApp({ config: database.config, logger });
    const closing = { app, database, telemetry };
    stopOnSignal(closing, config.server.shutdownTimeoutMs, logger);
    await app.listen(config.server.port, config.server.host);
    logger.info(`Listening on ${await app.getUrl()}`);
  } catch (error) {
    await app?.close().catch(() => undefined);
    await database.close().catch(() => undefined);
    throw error;
  }
}

/** Lets requests under way finish, then closes the database; a second signal ends the process at once. */
function stopOnSignal(
  { app, database, telemetry }: { app: NestFastifyApplication; database: OpenDatabase; telemetry: Telemetry },
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
    // Requests that take longer are cut off.
    setTimeout(
      () => (app.getHttpServer() as { closeAllConnections(): void }).closeAllConnections(),
      timeoutMs,
    ).unref();
    app
      .close()
      .finally(() => database.close())
      .finally(() => telemetry.stop())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          logger.error({ err: error }, 'The server did not stop cleanly');
          process.exit(1);
        },
      );
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
