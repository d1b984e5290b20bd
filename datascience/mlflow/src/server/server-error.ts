import { StoreError, type StoreErrorCode } from '../store.js';

/** What a server, or the way to it, answered instead of a result. */
export class ServerError extends StoreError {
  /** HTTP status, or null where there was no answer. */
  readonly status: number | null;
  /** The server's own `error_code`, which may be one that no store knows; null where it gave none. */
  readonly serverCode: string | null;
  /** True where the same call may succeed a little later: a network error, 429 or 5xx. */
  readonly transient: boolean;
  /** What the server's `Retry-After` asks to wait, in milliseconds. */
  readonly retryAfterMs: number;

  constructor(
    code: StoreErrorCode,
    message: string,
    details: {
      status?: number;
      serverCode?: string | null;
      transient?: boolean;
      retryAfterMs?: number;
      cause?: unknown;
    } = {},
  ) {
    super(code, message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ServerError';
    this.status = details.status ?? null;
    this.serverCode = details.serverCode ?? null;
    this.transient = details.transient ?? false;
    this.retryAfterMs = details.retryAfterMs ?? 0;
  }
}

const KNOWN_CODES = new Set<string>([
  'RESOURCE_DOES_NOT_EXIST',
  'RESOURCE_ALREADY_EXISTS',
  'INVALID_PARAMETER_VALUE',
  'TEMPORARILY_UNAVAILABLE',
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
  'INTERNAL_ERROR',
] satisfies StoreErrorCode[]);

/** Longest part of a foreign answer that an error quotes. */
const MAX_QUOTE = 300;

/** The error that an HTTP answer outside 2xx means. */
export async function errorOfResponse(response: Response, what: string): Promise<ServerError> {
  const { status } = response;
  const body = await readBody(response);
  const serverCode = body.code;
  const code =
    serverCode !== null && KNOWN_CODES.has(serverCode)
      ? (serverCode as StoreErrorCode)
      : codeOfStatus(status, serverCode);
  const message = `${what}: ${body.message || `the server answered ${status}`}`;
  return new ServerError(code, message, {
    status,
    serverCode,
    transient: status === 429 || (status >= 500 && status !== 501),
    retryAfterMs: parseRetryAfter(response.headers.get('retry-after')),
  });
}

function codeOfStatus(status: number, serverCode: string | null): StoreErrorCode {
  if (status === 401) return 'UNAUTHENTICATED';
  if (status === 403) return 'PERMISSION_DENIED';
  // A 404 without MLflow's own code is a page that is not there: the address is not MLflow's.
  if (status === 404) return serverCode === null ? 'INVALID_PARAMETER_VALUE' : 'RESOURCE_DOES_NOT_EXIST';
  if (status === 409) return 'RESOURCE_ALREADY_EXISTS';
  if (status === 429 || status === 502 || status === 503 || status === 504) return 'TEMPORARILY_UNAVAILABLE';
  return status >= 500 ? 'INTERNAL_ERROR' : 'INVALID_PARAMETER_VALUE';
}

/** MLflow answers `error_code` and `message`, its artifact routes `detail`, its authentication and proxies plain text. */
async function readBody(response: Response): Promise<{ code: string | null; message: string }> {
  const text = await response.text().catch(() => '');
  try {
    const body = JSON.parse(text) as { error_code?: string; message?: string; detail?: unknown };
    const detail = typeof body.detail === 'string' ? body.detail : '';
    return { code: body.error_code ?? null, message: body.message ?? detail };
  } catch {
    const plain = text
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    return { code: null, message: `the server answered ${response.status}: ${plain.slice(0, MAX_QUOTE)}` };
  }
}

/** `Retry-After` in milliseconds: seconds or a date (RFC 9110 §10.2.3). */
function parseRetryAfter(value: string | null): number {
  if (value === null) return 0;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? 0 : Math.max(0, date - Date.now());
}
