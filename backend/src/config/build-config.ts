import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { credentialsFromEnvironment, type Credentials } from '@vitrine/mlflow';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { AppConfig } from './app-config.js';
import { ConfigError } from './config.error.js';
import { buildTrainingEnvironment } from './build-training-environment.js';
import { listEnvKeys } from './env-key.decorator.js';
import { EnvDto } from './env.dto.js';

/** JSON around a photo: base64 takes 4 bytes for 3, texts and keys take the rest. */
const BASE64_GROWTH = 4 / 3;
const TEXT_ALLOWANCE_BYTES = 2 * 1024 * 1024;

/**
 * Builds the configuration from environment variables; keys that are not ours are ignored, empty ones count as unset.
 *
 * @throws ConfigError with every bad key
 */
export function buildConfig(
  environment: Readonly<Record<string, string | undefined>>,
  rootDir: string,
): AppConfig {
  const env = validateEnv(environment);
  return deepFreeze({
    ...toConfig(env, rootDir),
    training: {
      entry: resolve(rootDir, env.TRAINING_ENTRY_PATH),
      timeoutMs: env.TRAINING_TIMEOUT_MS,
      environment: buildTrainingEnvironment(environment, env, rootDir),
    },
  });
}

function validateEnv(environment: Readonly<Record<string, string | undefined>>): EnvDto {
  const keys = listEnvKeys();
  const present = keys
    .map(({ name }) => [name, environment[name]?.trim()] as const)
    .filter(([, value]) => value !== undefined && value !== '');
  const env = plainToInstance(EnvDto, Object.fromEntries(present), { exposeDefaultValues: true });
  const invalid = validateSync(env).flatMap((error) => Object.values(error.constraints ?? {}));
  const missing = keys
    .filter(({ name, required }) => required === 'production' && isProduction(env) && isUnset(env, name))
    .map(({ name }) => `${name} must be set in production`);
  const contrary =
    env.TIME_TO_SELL_NORMAL_MAX_DAYS < env.TIME_TO_SELL_FAST_MAX_DAYS
      ? ['TIME_TO_SELL_NORMAL_MAX_DAYS must not be less than TIME_TO_SELL_FAST_MAX_DAYS']
      : [];
  const problems = [...invalid, ...missing, ...contrary];
  if (problems.length > 0) {
    throw new ConfigError(problems);
  }
  return env;
}

const isProduction = (env: EnvDto): boolean => env.NODE_ENV === 'production';
const isUnset = (env: EnvDto, name: string): boolean => env[name as keyof EnvDto] === undefined;

function toConfig(env: EnvDto, rootDir: string): Omit<AppConfig, 'training'> {
  const path = (relative: string): string => resolve(rootDir, relative);
  return {
    projectName: env.PROJECT_NAME,
    environment: env.NODE_ENV,
    rootDir,
    server: toServerConfig(env),
    logging: { level: env.LOG_LEVEL },
    database: {
      url: env.DATABASE_URL ?? null,
      applicationName: env.PROJECT_NAME,
      poolSize: env.DATABASE_POOL_SIZE,
      connectTimeoutMs: env.DATABASE_CONNECT_TIMEOUT_MS,
      statementTimeoutMs: env.DATABASE_STATEMENT_TIMEOUT_MS,
      migrate: env.DATABASE_MIGRATE,
      embeddedDir: path(env.DATABASE_EMBEDDED_DIR),
    },
    auth: toAuthConfig(env),
    models: {
      trackingUri: env.MLFLOW_TRACKING_URI ?? null,
      credentials: toCredentials(env),
      registryDir: path(env.REGISTRY_DIR),
      cacheDir: path(env.MODELS_CACHE_DIR),
      alias: env.MODELS_ALIAS,
      textName: env.MODELS_TEXT_NAME,
      imageName: env.MODELS_IMAGE_NAME,
      fusionName: env.MODELS_FUSION_NAME,
      refreshIntervalMs: env.MODELS_REFRESH_INTERVAL_MS,
      webhookSecret: env.MLFLOW_WEBHOOK_SECRET ?? null,
    },
    experiments: { refreshIntervalMs: env.EXPERIMENTS_REFRESH_INTERVAL_MS },
    predict: {
      imageMaxBytes: env.PREDICT_IMAGE_MAX_BYTES,
      batchMaxItems: env.PREDICT_BATCH_MAX_ITEMS,
      batchMaxBytes: env.PREDICT_BATCH_MAX_BYTES,
    },
    catalog: { importMaxBytes: env.CATALOG_IMPORT_MAX_BYTES },
    timeToSell: {
      modelName: env.TIME_TO_SELL_MODEL_NAME,
      trainsAtFirstStart: env.TIME_TO_SELL_TRAIN_AT_FIRST_START,
      fastMaxDays: env.TIME_TO_SELL_FAST_MAX_DAYS,
      normalMaxDays: env.TIME_TO_SELL_NORMAL_MAX_DAYS,
      batchMaxItems: env.PREDICT_BATCH_MAX_ITEMS,
    },
    sales: {
      store: env.SALES_STORE,
      dir: path(env.SALES_DIR),
      isAnonymous: env.SALES_ANONYMOUS && !isProduction(env),
    },
    pipelines: {
      worker: env.PIPELINES_WORKER,
      concurrency: env.PIPELINES_CONCURRENCY,
      pollMs: env.PIPELINES_POLL_MS,
      heartbeatMs: env.PIPELINES_HEARTBEAT_MS,
      takeoverMs: env.PIPELINES_TAKEOVER_MS,
    },
    customers: toCustomersConfig(env, path),
  };
}

function toCustomersConfig(env: EnvDto, path: (relative: string) => string): AppConfig['customers'] {
  const { CUSTOMERS_S3_ACCESS_KEY_ID: accessKeyId, CUSTOMERS_S3_SECRET_ACCESS_KEY: secretAccessKey } = env;
  const s3 = env.CUSTOMERS_S3_BUCKET && {
    bucket: env.CUSTOMERS_S3_BUCKET,
    prefix: env.CUSTOMERS_S3_PREFIX,
    endpoint: env.CUSTOMERS_S3_ENDPOINT ?? null,
    region: env.CUSTOMERS_S3_REGION,
    isPathStyle: env.CUSTOMERS_S3_PATH_STYLE,
    credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : null,
  };
  return {
    dir: path(env.CUSTOMERS_DIR),
    s3: s3 || null,
    modelName: env.CUSTOMERS_MODEL_NAME,
    accuracy: {
      threshold: env.CUSTOMERS_ACCURACY_THRESHOLD,
      window: env.CUSTOMERS_ACCURACY_WINDOW,
      minOutcomes: env.CUSTOMERS_ACCURACY_MIN_OUTCOMES,
    },
  };
}

function toCredentials(env: EnvDto): Credentials | null {
  const { MLFLOW_TRACKING_USERNAME, MLFLOW_TRACKING_PASSWORD, MLFLOW_TRACKING_TOKEN } = env;
  const given = { MLFLOW_TRACKING_USERNAME, MLFLOW_TRACKING_PASSWORD, MLFLOW_TRACKING_TOKEN };
  return credentialsFromEnvironment(given) ?? null;
}

function toServerConfig(env: EnvDto): AppConfig['server'] {
  return {
    host: env.HOST,
    port: env.PORT,
    trustProxy: parseTrustProxy(env.TRUST_PROXY),
    corsOrigins: splitList(env.CORS_ORIGINS),
    bodyLimits: {
      default: env.REQUEST_BODY_MAX_BYTES,
      image: Math.ceil(env.PREDICT_IMAGE_MAX_BYTES * BASE64_GROWTH) + TEXT_ALLOWANCE_BYTES,
      batch: env.PREDICT_BATCH_MAX_BYTES,
      import: env.CATALOG_IMPORT_MAX_BYTES,
    },
    requestTimeoutMs: env.REQUEST_TIMEOUT_MS,
    shutdownTimeoutMs: env.SHUTDOWN_TIMEOUT_MS,
  };
}

function toAuthConfig(env: EnvDto): AppConfig['auth'] {
  return {
    secretKey: env.SECRET_KEY ?? randomBytes(32).toString('base64url'),
    isSecretKeyEphemeral: env.SECRET_KEY === undefined,
    accessTokenExpireMinutes: env.ACCESS_TOKEN_EXPIRE_MINUTES,
    userCacheMs: env.AUTH_USER_CACHE_MS,
    firstAdmin: { email: env.FIRST_ADMINUSER, password: env.FIRST_ADMINUSER_PASSWORD ?? null },
    loginRateLimit: {
      attempts: env.LOGIN_RATE_LIMIT_ATTEMPTS,
      attemptsPerAddress: env.LOGIN_RATE_LIMIT_ATTEMPTS_PER_ADDRESS,
      windowSeconds: env.LOGIN_RATE_LIMIT_WINDOW_SECONDS,
    },
  };
}

function parseTrustProxy(value: string): boolean | number | string[] {
  if (value === 'true' || value === 'false') {
    return value === 'true';
  }
  return /^\d+$/.test(value) ? Number(value) : splitList(value);
}

const splitList = (value: string): string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

function deepFreeze<T extends object>(value: T): T {
  for (const child of Object.values(value)) {
    if (typeof child === 'object' && child !== null) {
      deepFreeze(child as object);
    }
  }
  return Object.freeze(value);
}
