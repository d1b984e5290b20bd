import { join } from 'node:path';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import formbody from '@fastify/formbody';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { LogController } from 'fastify';
import type { FastifyInstance, FastifyServerOptions, RawServerDefault } from 'fastify';
import type { Logger } from 'pino';
import { setUpApiDocument } from './api-document.js';
import { AppModule } from './app.module.js';
import { readBearerToken } from './auth/bearer-token.js';
import { TokenService } from './auth/token.service.js';
import { ProblemFilter } from './common/errors/problem.filter.js';
import { AppValidationPipe } from './common/errors/validation.pipe.js';
import { registerBodyRules } from './common/http/body-rules.js';
import { registerDrain } from './common/http/drain.js';
import { createLogger, NestLogger } from './common/http/logging.js';
import { answerClientError, answerFrameworkError } from './common/http/raw-errors.js';
import { buildRequestId, registerRequestId } from './common/http/request-id.js';
import { registerWebApp } from './common/http/web-app.js';
import type { AppConfig } from './config/app-config.js';
import { rewriteRootRoute } from './sales/http/root-routes.js';
import { registerRouteNames } from './telemetry/route-name.js';

/** Everything but these lives under it. */
const API_PREFIX = 'api/v1';
const unprefixed = ['health/{*path}', 'problems/{*path}'];

export interface CreateAppOptions {
  config: AppConfig;
  /** Where logs go; standard output where nothing is said. */
  logger?: Logger;
  /** False builds the application without connecting to anything: for its API document. */
  connect?: boolean;
}

/**
 * Builds the whole application, ready to `listen`.
 *
 * @throws where the database cannot be reached
 */
export async function createApp({
  config,
  logger,
  connect = true,
}: CreateAppOptions): Promise<NestFastifyApplication> {
  const pino = logger ?? createLogger(config.logging.level);
  const adapter = createAdapter(config, pino);
  await registerPlugins(adapter.getInstance() as unknown as FastifyInstance, config);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(config, { connect }),
    adapter,
    {
      logger: new NestLogger(pino),
      bodyParser: false,
      abortOnError: false,
    },
  );
  app.setGlobalPrefix(API_PREFIX, { exclude: unprefixed });
  app.useGlobalPipes(new AppValidationPipe());
  app.useGlobalFilters(new ProblemFilter());
  if (config.server.corsOrigins.length > 0) {
    app.enableCors({
      origin: [...config.server.corsOrigins],
      exposedHeaders: ['x-request-id', 'retry-after'],
    });
  }
  if (connect) {
    await setUpApiDocument(app, config);
  }
  return app;
}

function createAdapter({ server }: AppConfig, logger: Logger): FastifyAdapter {
  const options: FastifyServerOptions = {
    loggerInstance: logger,
    logController: new LogController({
      disableRequestLogging: !logger.isLevelEnabled('debug'),
      requestIdLogLabel: 'traceId',
    }),
    trustProxy: toTrustProxy(server.trustProxy),
    bodyLimit: server.bodyLimits.default,
    requestTimeout: server.requestTimeoutMs,
    genReqId: buildRequestId,
    clientErrorHandler: answerClientError,
    frameworkErrors: answerFrameworkError,
    return503OnClosing: false,
    rewriteUrl: ({ url = '/' }) => rewriteRootRoute(url),
    routerOptions: { ignoreTrailingSlash: true },
  };
  return new FastifyAdapter(options as ConstructorParameters<typeof FastifyAdapter<RawServerDefault>>[0]);
}

/** A number of hops as the function Fastify takes. */
function toTrustProxy(trust: boolean | number | string[]): FastifyServerOptions['trustProxy'] {
  return typeof trust === 'number' ? (_address, hop) => hop < trust : trust;
}

async function registerPlugins(fastify: FastifyInstance, config: AppConfig): Promise<void> {
  const { imageMaxBytes } = config.predict;
  fastify.decorateRequest('user', null);
  // Texts that are sent as such are no JSON: `text/plain` is refused like any other type.
  fastify.removeContentTypeParser('text/plain');
  registerRouteNames(fastify);
  registerRequestId(fastify);
  registerDrain(fastify);
  const tokens = new TokenService(config);
  registerBodyRules(fastify, config.server.bodyLimits, ({ headers }, { anonymousBy }) => {
    if (!anonymousBy || !config[anonymousBy].isAnonymous)
      tokens.verify(readBearerToken(headers.authorization));
  });
  await fastify.register(formbody, { bodyLimit: config.server.bodyLimits.default });
  await fastify.register(multipart, {
    limits: {
      fileSize: imageMaxBytes,
      files: 1,
      fields: 20,
      parts: 21,
      fieldSize: config.server.bodyLimits.default,
    },
    throwFileSizeLimit: true,
  });
  // Over plain http a browser must not be told to upgrade what the page loads.
  await fastify.register(helmet, {
    contentSecurityPolicy: { directives: { 'upgrade-insecure-requests': null } },
  });
  await registerWebApp(fastify, join(config.rootDir, 'frontend', 'dist'));
}
