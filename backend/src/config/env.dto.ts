import { Transform, Type } from 'class-transformer';
import {
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  MinLength,
} from 'class-validator';
import { EnvKey } from './env-key.decorator.js';

const MIB = 1024 * 1024;
const DAY_MINUTES = 24 * 60;

const IntBetween =
  (min: number, max: number): PropertyDecorator =>
  (target, key) => {
    for (const decorate of [Type(() => Number), IsInt(), Min(min), Max(max)]) {
      decorate(target, key as string);
    }
  };

const NumberBetween =
  (min: number, max: number): PropertyDecorator =>
  (target, key) => {
    for (const decorate of [Type(() => Number), IsNumber(), Min(min), Max(max)]) {
      decorate(target, key as string);
    }
  };

const Flag = (): PropertyDecorator => (target, key) => {
  Transform(({ value }) => parseFlag(value))(target, key as string);
  IsBoolean({ message: '$property must be true or false' })(target, key as string);
};

function parseFlag(value: unknown): unknown {
  if (typeof value !== 'string') {
    return value;
  }
  const lower = value.trim().toLowerCase();
  return lower === 'true' || lower === '1' ? true : lower === 'false' || lower === '0' ? false : value;
}

/** The environment as the backend reads it: names, types, defaults and what each key means. */
export class EnvDto {
  @EnvKey({ doc: 'Name of the project, as the API and its documentation call themselves.' })
  @IsString()
  @IsNotEmpty()
  PROJECT_NAME: string = 'Vitrine';

  @EnvKey({ doc: 'Kind of environment: `production` refuses to start without its secrets.' })
  @IsIn(['development', 'test', 'production'])
  NODE_ENV: 'development' | 'test' | 'production' = 'development';

  @EnvKey({ doc: 'Address the server listens on.' })
  @IsString()
  @IsNotEmpty()
  HOST: string = '0.0.0.0';

  @EnvKey({ doc: 'TCP port the server listens on; 0 takes any free one.' })
  @IntBetween(0, 65_535)
  PORT: number = 8010;

  @EnvKey({ doc: 'How much is logged: one of pino’s levels, or `silent`.' })
  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  LOG_LEVEL: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent' = 'warn';

  @EnvKey({
    doc: 'Proxies whose `X-Forwarded-*` headers are believed: `true`, `false`, a number of hops, or addresses and networks with commas between.',
  })
  @IsString()
  TRUST_PROXY: string = 'false';

  @EnvKey({
    doc: 'Origins, with commas between, that browsers may call the API from; empty allows the same origin only.',
  })
  @IsString()
  CORS_ORIGINS: string = '';

  @EnvKey({ doc: 'Largest body in bytes of a request that carries no photo and no batch.' })
  @IntBetween(1024, 1024 * MIB)
  REQUEST_BODY_MAX_BYTES: number = MIB * 2;

  @EnvKey({ doc: 'Milliseconds a client has to send a whole request.' })
  @IntBetween(100, 3_600_000)
  REQUEST_TIMEOUT_MS: number = 60_000;

  @EnvKey({ doc: 'Milliseconds that requests under way are given to finish when the server stops.' })
  @IntBetween(0, 600_000)
  SHUTDOWN_TIMEOUT_MS: number = 10_000;

  @EnvKey({
    doc: 'Postgres to use, as `postgres://user:password@host:port/database`; outside production the server starts one of its own where it is empty.',
    secret: true,
    required: 'production',
  })
  @IsOptional()
  @Matches(/^postgres(ql)?:\/\/\S+$/, { message: '$property must be a postgres:// address' })
  DATABASE_URL?: string;

  @EnvKey({ doc: 'Connections to Postgres that one process opens at most.' })
  @IntBetween(1, 500)
  DATABASE_POOL_SIZE: number = 10;

  @EnvKey({ doc: 'Milliseconds to wait for a connection to Postgres before answering 503.' })
  @IntBetween(100, 120_000)
  DATABASE_CONNECT_TIMEOUT_MS: number = 2_000;

  @EnvKey({ doc: 'Milliseconds after which Postgres gives up a statement; 0 never does.' })
  @IntBetween(0, 3_600_000)
  DATABASE_STATEMENT_TIMEOUT_MS: number = 30_000;

  @EnvKey({
    doc: 'Whether the server brings the database’s schema up to date when it starts (one of several does it).',
  })
  @Flag()
  DATABASE_MIGRATE: boolean = true;

  @EnvKey({ doc: 'Folder of the Postgres started where `DATABASE_URL` is empty; relative to the project.' })
  @IsString()
  @IsNotEmpty()
  DATABASE_EMBEDDED_DIR: string = 'data/postgres';

  @EnvKey({
    doc: 'Key that signs access tokens, at least 32 characters; outside production a random one is made at each start where it is empty.',
    secret: true,
    required: 'production',
  })
  @IsOptional()
  @IsString()
  @MinLength(32)
  SECRET_KEY?: string;

  @EnvKey({ doc: 'Minutes an access token is valid.' })
  @IntBetween(1, 365 * DAY_MINUTES)
  ACCESS_TOKEN_EXPIRE_MINUTES: number = 8 * 60;

  @EnvKey({
    doc: 'Milliseconds a signed-in user’s record is believed before it is read again; 0 reads it at each request.',
  })
  @IntBetween(0, 60_000)
  AUTH_USER_CACHE_MS: number = 1_000;

  @EnvKey({ doc: 'E-mail address of the administrator that is created at the first start.' })
  @IsEmail({ require_tld: false })
  FIRST_ADMINUSER: string = 'admin@vitrine.local';

  @EnvKey({
    doc: 'Password of the administrator that is created at the first start, at least 8 characters; none is created where it is empty.',
    secret: true,
    required: 'production',
  })
  @IsOptional()
  @IsString()
  @MinLength(8)
  FIRST_ADMINUSER_PASSWORD?: string;

  @EnvKey({
    doc: 'Failed logins of one address for one user name after which logins are refused for a while.',
  })
  @IntBetween(1, 1_000_000)
  LOGIN_RATE_LIMIT_ATTEMPTS: number = 5;

  @EnvKey({
    doc: 'Failed logins of one address, whatever the user name, after which logins are refused for a while.',
  })
  @IntBetween(1, 1_000_000)
  LOGIN_RATE_LIMIT_ATTEMPTS_PER_ADDRESS: number = 50;

  @EnvKey({ doc: 'Seconds over which failed logins are counted, and for which logins are then refused.' })
  @IntBetween(1, 86_400)
  LOGIN_RATE_LIMIT_WINDOW_SECONDS: number = 300;

  @EnvKey({ doc: 'Address of the MLflow server; empty uses the local registry in `REGISTRY_DIR`.' })
  @IsOptional()
  @Matches(/^(https?|file):\/\/\S+$/, { message: '$property must be an http(s):// or file:// address' })
  MLFLOW_TRACKING_URI?: string;

  @EnvKey({ doc: 'User name at the MLflow server; without effect where there is no password.' })
  @IsOptional()
  @IsString()
  MLFLOW_TRACKING_USERNAME?: string;

  @EnvKey({ doc: 'Password at the MLflow server.', secret: true })
  @IsOptional()
  @IsString()
  MLFLOW_TRACKING_PASSWORD?: string;

  @EnvKey({ doc: 'Bearer token at the MLflow server, where there is no user name.', secret: true })
  @IsOptional()
  @IsString()
  MLFLOW_TRACKING_TOKEN?: string;

  @EnvKey({ doc: 'Folder of the local registry; relative to the project.' })
  @IsString()
  @IsNotEmpty()
  REGISTRY_DIR: string = 'data/registry';

  @EnvKey({ doc: 'Folder that model packages are downloaded to; relative to the project.' })
  @IsString()
  @IsNotEmpty()
  MODELS_CACHE_DIR: string = 'data/models';

  @EnvKey({ doc: 'Alias of the model versions that are served.' })
  @IsString()
  @IsNotEmpty()
  MODELS_ALIAS: string = 'production';

  @EnvKey({ doc: 'Registered model that answers for texts.' })
  @IsString()
  @IsNotEmpty()
  MODELS_TEXT_NAME: string = 'text';

  @EnvKey({ doc: 'Registered model that answers for images.' })
  @IsString()
  @IsNotEmpty()
  MODELS_IMAGE_NAME: string = 'image';

  @EnvKey({ doc: 'Registered model that answers for a text and an image together.' })
  @IsString()
  @IsNotEmpty()
  MODELS_FUSION_NAME: string = 'fusion';

  @EnvKey({
    doc: 'Milliseconds between two looks at the registry for a newer version; 0 looks at the start and on demand only.',
  })
  @IntBetween(0, 86_400_000)
  MODELS_REFRESH_INTERVAL_MS: number = 30_000;

  @EnvKey({
    doc: 'Secret that the MLflow server signs its webhooks with, at least 16 characters; where it is empty webhooks are not taken.',
    secret: true,
  })
  @IsOptional()
  @IsString()
  @MinLength(16)
  MLFLOW_WEBHOOK_SECRET?: string;

  @EnvKey({
    doc: 'JavaScript file of the `vitrine` command line, which the server trains with; relative to the project.',
  })
  @IsString()
  @IsNotEmpty()
  TRAINING_ENTRY_PATH: string = 'datascience/training/dist/main.js';

  @EnvKey({ doc: 'Milliseconds after which a training is ended.' })
  @IntBetween(1_000, 7 * DAY_MINUTES * 60_000)
  TRAINING_TIMEOUT_MS: number = 60 * 60_000;

  @EnvKey({
    doc: 'Milliseconds after which an experiment that was started or stopped in one process is noticed by the others; 0 notices none but at the start.',
  })
  @IntBetween(0, 3_600_000)
  EXPERIMENTS_REFRESH_INTERVAL_MS: number = 1_000;

  @EnvKey({ doc: 'Largest photo of a prediction, in bytes.' })
  @IntBetween(1024, 1024 * MIB)
  PREDICT_IMAGE_MAX_BYTES: number = 10 * MIB;

  @EnvKey({ doc: 'Most products of one batch.' })
  @IntBetween(1, 1_000_000)
  PREDICT_BATCH_MAX_ITEMS: number = 1_000;

  @EnvKey({ doc: 'Largest batch, in bytes.' })
  @IntBetween(1024, 1024 * MIB)
  PREDICT_BATCH_MAX_BYTES: number = 64 * MIB;

  @EnvKey({ doc: 'Largest file of products that is imported, in bytes, once it is inflated.' })
  @IntBetween(1024, 1024 * MIB)
  CATALOG_IMPORT_MAX_BYTES: number = 1024 * MIB;

  @EnvKey({ doc: 'Registered model that tells how fast a product will sell.' })
  @IsString()
  @IsNotEmpty()
  TIME_TO_SELL_MODEL_NAME: string = 'time-to-sell';

  @EnvKey({
    doc: 'Whether the server trains a time-to-sell model by itself when it starts with a catalogue and has none.',
  })
  @Flag()
  TIME_TO_SELL_TRAIN_AT_FIRST_START: boolean = true;

  @EnvKey({ doc: 'Days to sell up to which a reported outcome is fast (class 0).' })
  @IntBetween(0, 36_500)
  TIME_TO_SELL_FAST_MAX_DAYS: number = 30;

  @EnvKey({
    doc: 'Days to sell up to which a reported outcome is normal (class 1), and beyond which it is very long (class 2).',
  })
  @IntBetween(0, 36_500)
  TIME_TO_SELL_NORMAL_MAX_DAYS: number = 120;

  @EnvKey({ doc: 'Where weekly sales are kept: `postgres`, `sqlite` or `csv`.' })
  @IsIn(['postgres', 'sqlite', 'csv'])
  SALES_STORE: 'postgres' | 'sqlite' | 'csv' = 'postgres';

  @EnvKey({ doc: 'Folder of the sales kept as `sqlite` or `csv`; relative to the project.' })
  @IsString()
  @IsNotEmpty()
  SALES_DIR: string = 'data/sales';

  @EnvKey({
    doc: 'Whether sales may be posted and read without an access token; without effect in production, which needs one.',
  })
  @Flag()
  SALES_ANONYMOUS: boolean = true;

  @EnvKey({
    doc: 'Folder that customer files are read from; relative to the project. Not used where there is a bucket.',
  })
  @IsString()
  @IsNotEmpty()
  CUSTOMERS_DIR: string = 'data/customers';

  @EnvKey({ doc: 'S3 bucket that customer files are read from; empty reads them from `CUSTOMERS_DIR`.' })
  @IsOptional()
  @IsString()
  CUSTOMERS_S3_BUCKET?: string;

  @EnvKey({ doc: 'Beginning of the customer files’ keys in the bucket, without the slash that follows it.' })
  @IsString()
  CUSTOMERS_S3_PREFIX: string = '';

  @EnvKey({ doc: 'Address of the S3 server; empty is AWS’s.' })
  @IsOptional()
  @Matches(/^https?:\/\/\S+$/, { message: '$property must be an http(s):// address' })
  CUSTOMERS_S3_ENDPOINT?: string;

  @EnvKey({ doc: 'Region of the bucket.' })
  @IsString()
  @IsNotEmpty()
  CUSTOMERS_S3_REGION: string = 'us-east-1';

  @EnvKey({ doc: 'Whether the bucket is named in the path, as most servers but AWS’s want it.' })
  @Flag()
  CUSTOMERS_S3_PATH_STYLE: boolean = false;

  @EnvKey({ doc: 'Access key of the bucket; empty takes what the AWS SDK finds by itself.' })
  @IsOptional()
  @IsString()
  CUSTOMERS_S3_ACCESS_KEY_ID?: string;

  @EnvKey({ doc: 'Secret of the access key.', secret: true })
  @IsOptional()
  @IsString()
  CUSTOMERS_S3_SECRET_ACCESS_KEY?: string;

  @EnvKey({ doc: 'Registered model that answers for customers.' })
  @IsString()
  @IsNotEmpty()
  CUSTOMERS_MODEL_NAME: string = 'customer-label';

  @EnvKey({
    doc: 'Accuracy, 0 to 1, of the customer model’s latest judged predictions below which it is trained anew.',
  })
  @NumberBetween(0, 1)
  CUSTOMERS_ACCURACY_THRESHOLD: number = 0.6;

  @EnvKey({ doc: 'How many of the latest judged predictions are looked at.' })
  @IntBetween(1, 1_000_000)
  CUSTOMERS_ACCURACY_WINDOW: number = 1_000;

  @EnvKey({ doc: 'How many judged predictions there must be at least.' })
  @IntBetween(1, 1_000_000)
  CUSTOMERS_ACCURACY_MIN_OUTCOMES: number = 100;

  @EnvKey({
    doc: 'Who executes pipelines: `embedded` is a worker thread of the API, `off` leaves them to worker processes (`node backend/dist/worker.js`).',
  })
  @IsIn(['embedded', 'off'])
  PIPELINES_WORKER: 'embedded' | 'off' = 'embedded';

  @EnvKey({ doc: 'Pipeline runs that one worker executes at a time.' })
  @IntBetween(1, 64)
  PIPELINES_CONCURRENCY: number = 4;

  @EnvKey({ doc: 'Milliseconds between two looks of a worker for queued runs.' })
  @IntBetween(50, 60_000)
  PIPELINES_POLL_MS: number = 250;

  @EnvKey({ doc: 'Milliseconds between two signs of life of a worker.' })
  @IntBetween(50, 60_000)
  PIPELINES_HEARTBEAT_MS: number = 2_000;

  @EnvKey({
    doc: 'Milliseconds without a sign of life after which another worker takes a worker’s runs over; several times `PIPELINES_HEARTBEAT_MS`.',
  })
  @IntBetween(200, 600_000)
  PIPELINES_TAKEOVER_MS: number = 12_000;
}
