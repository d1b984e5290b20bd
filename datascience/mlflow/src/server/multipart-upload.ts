import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { posix } from 'node:path';
import { eachOf } from '../concurrency.js';
import type { Transferred } from './file-transfer.js';
import type { HttpClient } from './http-client.js';
import { ServerError } from './server-error.js';
import type { CallOptions } from './server-options.js';

const ROOT = '/api/2.0/mlflow-artifacts/mpu';
/** Parts on the way at once. */
const PARTS_AT_ONCE = 4;
/** S3 takes no more parts than this. */
const MAX_PARTS = 10_000;

interface Upload {
  upload_id: string;
  credentials: { url: string; part_number: number; headers?: Record<string, string> }[];
}

/**
 * Uploads a file in parts, straight to the storage behind the server, by addresses that the server signs. A part that
 * fails is sent again by itself; where one cannot be sent the upload is given up and leaves nothing.
 *
 * @param upload.target the file's path below the proxy's root
 * @returns null where the server's storage takes no parts (a folder, for one): it is sent in one piece then
 */
export async function uploadInParts(
  http: HttpClient,
  upload: { target: string; file: string; size: number; partSize: number },
  options: CallOptions,
): Promise<Transferred | null> {
  const { file, size } = upload;
  const folder = posix.dirname(upload.target);
  const path = posix.basename(upload.target);
  const encoded = folder.split('/').map(encodeURIComponent).join('/');
  const partSize = Math.max(upload.partSize, Math.ceil(size / MAX_PARTS));
  const count = Math.ceil(size / partSize);
  const created = await create(http, `${ROOT}/create/${encoded}`, { path, num_parts: count }, options);
  if (!created) return null;
  const { upload_id } = created;
  try {
    const hashing = hashOf(file);
    const parts: { part_number: number; etag: string; url: string }[] = [];
    await eachOf(created.credentials, PARTS_AT_ONCE, async ({ url, part_number, headers = {} }) => {
      const start = (part_number - 1) * partSize;
      const part = { file, start, size: Math.min(partSize, size - start) };
      parts.push({ part_number, url, etag: await http.sendPart(url, part, headers, options) });
    });
    parts.sort((a, b) => a.part_number - b.part_number);
    await http.post(`${ROOT}/complete/${encoded}`, { path, upload_id, parts }, options);
    return { size, sha256: await hashing };
  } catch (error) {
    await http.post(`${ROOT}/abort/${encoded}`, { path, upload_id }).catch(() => undefined);
    throw error;
  }
}

async function create(
  http: HttpClient,
  path: string,
  body: { path: string; num_parts: number },
  options: CallOptions,
): Promise<Upload | null> {
  try {
    return await http.post<Upload>(path, body, options);
  } catch (error) {
    if (error instanceof ServerError && isUnsupported(error)) return null;
    throw error;
  }
}

/** The server's storage cannot: 501 `NOT_IMPLEMENTED`; older servers do not know the address. */
function isUnsupported(error: ServerError): boolean {
  return error.status === 501 || error.serverCode === 'NOT_IMPLEMENTED' || error.status === 404;
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
