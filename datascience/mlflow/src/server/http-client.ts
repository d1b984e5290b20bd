import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { isNativeError } from 'node:util/types';
import { receiveFile, sendChunks, SilenceWatch, type Transferred } from './file-transfer.js';
import { putStream } from './put-stream.js';
import { createRetry, type Retry } from './retry.js';
import { errorOfResponse, ServerError } from './server-error.js';
import type { CallOptions, ServerOptions } from './server-options.js';

/** Values of a query string; `undefined` is left out. */
export type Query = Record<string, string | number | boolean | undefined>;

interface Call extends CallOptions {
  query?: Query;
  body?: unknown;
  /** True where doing it twice is the same as doing it once: only then is it tried again. */
  idempotent?: boolean;
}

/** HTTP as MLflow's REST API uses it: JSON calls and file transfers, with credentials, time limits and retries. */
export class HttpClient {
  /** The server's address without credentials. */
  readonly location: string;
  private readonly headers: Record<string, string>;
  private readonly retry: Retry;

  constructor(private readonly options: ServerOptions) {
    const { url, authorization } = readAddress(options);
    this.location = url;
    this.headers = authorization === null ? {} : { authorization };
    this.retry = createRetry({ retries: options.retries ?? 4, delayMs: options.retryDelayMs ?? 200 });
  }

  get<T>(path: string, query: Query = {}, options: CallOptions = {}): Promise<T> {
    return this.call<T>('GET', path, { ...options, query, idempotent: true });
  }

  post<T>(path: string, body: unknown, options: CallOptions & { idempotent?: boolean } = {}): Promise<T> {
    return this.call<T>('POST', path, { ...options, body });
  }

  patch<T>(path: string, body: unknown, options: CallOptions = {}): Promise<T> {
    return this.call<T>('PATCH', path, { ...options, body, idempotent: true });
  }

  delete(path: string, body: unknown, options: CallOptions = {}): Promise<void> {
    return this.call<void>('DELETE', path, { ...options, body, idempotent: true });
  }

  /** One call without a second try, for a question about the server itself. */
  probe(path: string, query: Query, options: CallOptions): Promise<unknown> {
    return this.call('GET', path, { ...options, query });
  }

  /** Sends a file as the body of a PUT, never more than a chunk of it in memory. */
  async sendFile(path: string, file: string, options: CallOptions = {}): Promise<Transferred> {
    const { size } = await stat(file);
    return this.retried(options, (signal) =>
      this.send(`${this.location}${path}`, { file, start: 0, size }, this.headers, signal).then(
        ({ transferred }) => transferred,
      ),
    );
  }

  /** Sends a part of a file to an address that carries its own permission; resolves with the answer's ETag. */
  async sendPart(
    url: string,
    part: { file: string; start: number; size: number },
    headers: Record<string, string>,
    options: CallOptions = {},
  ): Promise<string> {
    return this.retried(options, async (signal) => (await this.send(url, part, headers, signal)).etag);
  }

  /** Writes the body of a GET to a file, which appears only when it is whole and `verify` did not throw. */
  receiveFile(
    path: string,
    target: string,
    options: CallOptions & { verify: (received: Transferred) => void },
  ): Promise<Transferred> {
    return this.retried(options, async (signal) => {
      const watch = this.watch(signal);
      try {
        const response = await this.fetch('GET', `${this.location}${path}`, {
          headers: { ...this.headers, 'accept-encoding': 'identity' },
          signal: watch.signal,
        });
        return await receiveFile(response, target, watch, options.verify);
      } catch (error) {
        throw this.explain(error, `GET ${path}`, watch, signal);
      } finally {
        watch.stop();
      }
    });
  }

  private async send(
    url: string,
    part: { file: string; start: number; size: number },
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<{ transferred: Transferred; etag: string }> {
    const watch = this.watch(signal);
    const source =
      part.size === 0
        ? Readable.from([])
        : createReadStream(part.file, { start: part.start, end: part.start + part.size - 1 });
    const { body, result } = sendChunks(source, watch);
    try {
      const { size } = part;
      const response = await putStream(url, { body, size, headers, signal: watch.signal });
      await this.check(response, `PUT ${new URL(url).pathname}`);
      return { transferred: result(), etag: response.headers.get('etag') ?? '' };
    } catch (error) {
      throw this.explain(error, `PUT ${new URL(url).pathname}`, watch, signal);
    } finally {
      watch.stop();
    }
  }

  private async call<T>(method: string, path: string, call: Call): Promise<T> {
    const url = new URL(`${this.location}${path}`);
    for (const [key, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined) url.searchParams.set(key, String(value));
    }
    const attempt = (signal: AbortSignal) => this.attempt<T>(method, url, call, signal);
    return call.idempotent === true ? this.retried(call, attempt) : attempt(this.signalOf(call));
  }

  private async attempt<T>(method: string, url: URL, call: Call, signal: AbortSignal): Promise<T> {
    const timeoutMs = call.timeoutMs ?? this.options.timeoutMs ?? 30_000;
    const watch = new SilenceWatch(timeoutMs, signal);
    try {
      const response = await this.fetch(method, url, {
        headers: {
          ...this.headers,
          accept: 'application/json',
          ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: call.body === undefined ? undefined : JSON.stringify(call.body),
        signal: watch.signal,
      });
      return await readJson<T>(response, `${method} ${url.pathname}`);
    } catch (error) {
      throw this.explain(error, `${method} ${url.pathname}`, watch, signal);
    } finally {
      watch.stop();
    }
  }

  /** `fetch` that follows no redirect (the credentials are for this address alone) and throws on a status outside 2xx. */
  private async fetch(method: string, url: string | URL, init: RequestInit): Promise<Response> {
    const response = await fetch(url, { ...init, method, redirect: 'manual' });
    const what = `${method} ${new URL(url).pathname}`;
    await this.check(response, what);
    return response;
  }

  /** Throws for a status outside 2xx. */
  private async check(response: Response, what: string): Promise<void> {
    if (response.ok) return;
    if (response.status >= 400) throw await errorOfResponse(response, what);
    await response.body?.cancel();
    throw new ServerError('INVALID_PARAMETER_VALUE', `${what}: ${this.location} answers with a redirect`, {
      status: response.status,
    });
  }

  private retried<T>(options: CallOptions, attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const signal = this.signalOf(options);
    return this.retry(() => attempt(signal), signal);
  }

  /** A signal of the call's own: any number of calls may listen to the caller's. */
  private signalOf({ signal }: CallOptions): AbortSignal {
    return AbortSignal.any([signal, this.options.signal].filter((one) => one !== undefined));
  }

  private watch(signal: AbortSignal): SilenceWatch {
    return new SilenceWatch(this.options.transferTimeoutMs ?? 120_000, signal);
  }

  /** A caller's abort stays what it is; everything else becomes a `ServerError` that names address and call. */
  private explain(error: unknown, what: string, watch: SilenceWatch, signal: AbortSignal): unknown {
    if (signal.aborted) return signal.reason;
    if (error instanceof ServerError) return error;
    if (watch.expired) {
      const message = `${what}: ${this.location} did not answer within ${watch.timeoutMs} ms`;
      return new ServerError('TEMPORARILY_UNAVAILABLE', message, { cause: error });
    }
    if (!isNetworkError(error)) return error;
    const message = `${what}: ${this.location} cannot be reached: ${reasonOf(error)}`;
    return new ServerError('TEMPORARILY_UNAVAILABLE', message, { transient: true, cause: error });
  }
}

async function readJson<T>(response: Response, what: string): Promise<T> {
  const text = await response.text();
  if (text === '') return {} as T;
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    const message = `${what}: the answer is not JSON; is the address that of an MLflow server?`;
    throw new ServerError('INVALID_PARAMETER_VALUE', message, { status: response.status, cause });
  }
}

/** The address without credentials, and the header that carries them. */
function readAddress(options: ServerOptions): { url: string; authorization: string | null } {
  const url = URL.canParse(options.trackingUri) ? new URL(options.trackingUri) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new ServerError('INVALID_PARAMETER_VALUE', 'MLFLOW_TRACKING_URI is not an http(s) address');
  }
  const inAddress: ServerOptions['credentials'] = url.username
    ? {
        kind: 'basic',
        username: decodeURIComponent(url.username),
        password: decodeURIComponent(url.password),
      }
    : undefined;
  return {
    url: `${url.origin}${url.pathname.replace(/\/+$/, '')}`,
    authorization: authorizationOf(options.credentials ?? inAddress),
  };
}

function authorizationOf(credentials: ServerOptions['credentials']): string | null {
  if (!credentials) return null;
  if (credentials.kind === 'bearer') return `Bearer ${credentials.token}`;
  return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
}

/** `fetch` throws a TypeError for whatever goes wrong on the way, with the reason as its cause. */
function isNetworkError(error: unknown): boolean {
  if (!isNativeError(error)) return false;
  const code = codeOf(error) ?? codeOf(error.cause);
  return (
    error.name === 'TypeError' ||
    /^(UND_ERR_|ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|EAI_|ENOTFOUND|ERR_STREAM_PREMATURE_CLOSE)/.test(code ?? '')
  );
}

function reasonOf(error: unknown): string {
  const cause = (error as Error).cause;
  return codeOf(cause) ?? (isNativeError(cause) ? cause.message : (error as Error).message);
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
