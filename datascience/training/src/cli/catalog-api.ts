import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import type { Progress } from './progress.js';

/** What the API says of an import. */
export interface ImportReport {
  rows: number;
  stored: number;
  inserted: number;
  updated: number;
  unchanged: number;
  rejected: number;
  rejections: { line: number; field: string | null; reason: string }[];
  is_complete: boolean;
  windows_1252_rows: number;
  ignored_columns: string[];
  duration_ms: number;
}

/** The part of a running API that takes catalogues in. */
export class CatalogApi {
  constructor(private readonly baseUrl: URL) {}

  /**
   * Logs in.
   *
   * @returns an access token
   * @throws Error where the API cannot be reached or refuses
   */
  async login(username: string, password: string): Promise<string> {
    const response = await fetch(new URL('/api/v1/login/access-token', this.baseUrl), {
      method: 'POST',
      body: new URLSearchParams({ username, password }),
    }).catch((error: unknown) => {
      throw this.unreachable(error);
    });
    if (!response.ok) throw new Error(describeProblem(response.status, await response.text()));
    return ((await response.json()) as { access_token: string }).access_token;
  }

  /**
   * Sends a file, plain or gzipped, as it is read from the disk.
   *
   * @throws Error where it cannot be read, or the API cannot be reached or refuses
   */
  async importProducts(path: string, token: string, progress: Progress): Promise<ImportReport> {
    const { size } = await stat(path);
    const task = progress.task('Sending', size);
    const counter = new PassThrough();
    counter.on('data', (chunk: Buffer) => task.advance(chunk.length));
    const send = this.baseUrl.protocol === 'https:' ? httpsRequest : httpRequest;
    // Not `fetch`: it gives an answer up that is long in coming.
    const upload = send(new URL('/api/v1/products/import', this.baseUrl), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv', 'content-length': size },
    });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      upload.on('response', resolve).on('error', reject);
    });
    try {
      // An API that refuses closes the upload; its answer says why.
      const [response] = await Promise.all([
        answered,
        pipeline(createReadStream(path), counter, upload).catch((error: unknown) =>
          ignoreWhere(upload.closed, error),
        ),
      ]);
      const body = await text(response);
      if (response.statusCode !== 200) throw new ApiRefusal(describeProblem(response.statusCode, body));
      return JSON.parse(body) as ImportReport;
    } catch (error) {
      throw error instanceof ApiRefusal ? error : this.unreachable(error);
    } finally {
      task.finish();
    }
  }

  private unreachable(cause: unknown): Error {
    const { message, cause: reason } = cause as Error;
    const detail =
      reason instanceof Error ? reason.message || (reason as NodeJS.ErrnoException).code : message;
    return new Error(`${this.baseUrl.origin} cannot be reached: ${detail}`, { cause });
  }
}

/** The API answered, and said no. */
class ApiRefusal extends Error {}

function ignoreWhere(isExpected: boolean, error: unknown): void {
  if (!isExpected) throw error;
}

function describeProblem(status: number | undefined, body: string): string {
  try {
    const { title, detail } = JSON.parse(body) as { title?: string; detail?: string };
    return `the API refused (${status}): ${[title, detail].filter(Boolean).join(': ')}`;
  } catch {
    return `the API refused (${status})`;
  }
}
