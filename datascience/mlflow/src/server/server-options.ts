/** How a server is asked: who asks, how long it may take, how often it is tried. */
export interface ServerOptions {
  /** `http(s)://host[:port][/prefix]`; a user and password in it are taken for basic authentication. */
  trackingUri: string;
  credentials?: Credentials;
  /** Longest time of one attempt of a call that carries no file, in milliseconds. Default 30,000. */
  timeoutMs?: number;
  /** Longest silence of a transfer, in milliseconds: a large file may take long, a stuck one may not. Default 120,000. */
  transferTimeoutMs?: number;
  /** How often an idempotent call is tried again after a network error, a 429 or a 5xx. Default 4. */
  retries?: number;
  /** Wait before the first of them, in milliseconds; it doubles, with jitter, up to 5 s. Default 200. */
  retryDelayMs?: number;
  /** Files of this many bytes are uploaded in parts where the server offers it. Default 100 MiB. */
  multipartThreshold?: number;
  /** Size of a part in bytes; S3 wants at least 5 MiB. Default 10 MiB. */
  partSize?: number;
  /** Aborts every call. */
  signal?: AbortSignal;
}

/** What a server asks for. It never shows in an error or in `location`. */
export type Credentials =
  { kind: 'basic'; username: string; password: string } | { kind: 'bearer'; token: string };

/** For one call. */
export interface CallOptions {
  signal?: AbortSignal;
  /** In place of the client's. */
  timeoutMs?: number;
}

/**
 * The credentials that MLflow's own variables hold: `MLFLOW_TRACKING_USERNAME` with `MLFLOW_TRACKING_PASSWORD`, else
 * `MLFLOW_TRACKING_TOKEN`, in the order of MLflow's Python client. This package reads no environment by itself: the
 * caller passes its own.
 */
export function credentialsFromEnvironment(env: Record<string, string | undefined>): Credentials | undefined {
  const { MLFLOW_TRACKING_USERNAME: username, MLFLOW_TRACKING_PASSWORD: password } = env;
  if (username && password) return { kind: 'basic', username, password };
  const token = env.MLFLOW_TRACKING_TOKEN;
  return token ? { kind: 'bearer', token } : undefined;
}
