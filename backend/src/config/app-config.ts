import type { Credentials } from '@vitrine/mlflow';
import type { BodyLimits } from '../common/decorators/accepts-body.decorator.js';

/**
 * The configuration: read once, validated, frozen. Inject it by its class. Paths are absolute.
 * What each value means stands at its key in `EnvDto`.
 */
export abstract class AppConfig {
  abstract readonly projectName: string;
  abstract readonly environment: 'development' | 'test' | 'production';
  /** The project's root folder. */
  abstract readonly rootDir: string;

  abstract readonly server: {
    readonly host: string;
    readonly port: number;
    readonly trustProxy: boolean | number | string[];
    readonly corsOrigins: readonly string[];
    readonly bodyLimits: Readonly<BodyLimits>;
    readonly requestTimeoutMs: number;
    readonly shutdownTimeoutMs: number;
  };

  abstract readonly logging: { readonly level: string };

  abstract readonly database: {
    /** Null where the server starts a Postgres of its own. */
    readonly url: string | null;
    /** What the server calls our connections. */
    readonly applicationName: string;
    readonly poolSize: number;
    readonly connectTimeoutMs: number;
    readonly statementTimeoutMs: number;
    readonly migrate: boolean;
    readonly embeddedDir: string;
  };

  abstract readonly auth: {
    readonly secretKey: string;
    /** True where no key was configured: tokens do not outlive the process. */
    readonly isSecretKeyEphemeral: boolean;
    readonly accessTokenExpireMinutes: number;
    readonly userCacheMs: number;
    readonly firstAdmin: { readonly email: string; readonly password: string | null };
    readonly loginRateLimit: {
      readonly attempts: number;
      readonly attemptsPerAddress: number;
      readonly windowSeconds: number;
    };
  };

  abstract readonly models: {
    /** Null uses the local registry in `registryDir`. */
    readonly trackingUri: string | null;
    /** Null asks the server without any. */
    readonly credentials: Credentials | null;
    readonly registryDir: string;
    readonly cacheDir: string;
    readonly alias: string;
    readonly textName: string;
    readonly imageName: string;
    readonly fusionName: string;
    readonly refreshIntervalMs: number;
    /** Null takes no webhooks. */
    readonly webhookSecret: string | null;
  };

  abstract readonly training: {
    /** The command line's JavaScript file. */
    readonly entry: string;
    readonly timeoutMs: number;
    /** What the command line finds in its environment: no secret of the server but the registry's. */
    readonly environment: Readonly<Record<string, string>>;
  };

  abstract readonly experiments: { readonly refreshIntervalMs: number };

  abstract readonly predict: {
    readonly imageMaxBytes: number;
    readonly batchMaxItems: number;
    readonly batchMaxBytes: number;
  };

  abstract readonly catalog: { readonly importMaxBytes: number };

  abstract readonly timeToSell: {
    readonly modelName: string;
    readonly trainsAtFirstStart: boolean;
    /** Most days to sell that are fast (class 0), and that are normal (class 1). */
    readonly fastMaxDays: number;
    readonly normalMaxDays: number;
    readonly batchMaxItems: number;
  };

  abstract readonly sales: {
    readonly store: 'postgres' | 'sqlite' | 'csv';
    readonly dir: string;
    /** False in production, whatever is configured. */
    readonly isAnonymous: boolean;
  };

  abstract readonly customers: {
    readonly dir: string;
    /** Null reads from `dir`. */
    readonly s3: {
      readonly bucket: string;
      readonly prefix: string;
      /** Null is AWS's. */
      readonly endpoint: string | null;
      readonly region: string;
      readonly isPathStyle: boolean;
      /** Null takes what the SDK finds by itself. */
      readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | null;
    } | null;
    readonly modelName: string;
    readonly accuracy: {
      readonly threshold: number;
      readonly window: number;
      readonly minOutcomes: number;
    };
  };

  abstract readonly pipelines: {
    readonly worker: 'embedded' | 'off';
    readonly concurrency: number;
    readonly pollMs: number;
    readonly heartbeatMs: number;
    readonly takeoverMs: number;
  };
}
