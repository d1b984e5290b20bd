import { stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { listLocalFiles } from '../artifact-paths.js';
import { eachOf } from '../concurrency.js';
import type { Transferred } from './file-transfer.js';
import type { HttpClient } from './http-client.js';
import { uploadInParts } from './multipart-upload.js';
import { ServerError } from './server-error.js';
import type { CallOptions, ServerOptions } from './server-options.js';
import type { WireFile } from './wire.js';

/** A file below an artifact root. */
export interface ArtifactFile {
  /** Relative to the root that was listed. */
  path: string;
  /** Bytes, or null where the server does not know. */
  size: number | null;
}

/**
 * Files behind the server's `mlflow-artifacts` proxy. A root is the `mlflow-artifacts:/…` address that the server gave
 * to a run, a logged model or a version. Files are streamed both ways.
 */
export class Artifacts {
  constructor(
    private readonly http: HttpClient,
    private readonly options: Pick<ServerOptions, 'multipartThreshold' | 'partSize'>,
  ) {}

  /** Every file below `path`, sorted; none where there is nothing. */
  async list(root: string, path = '', options?: CallOptions): Promise<ArtifactFile[]> {
    const files: ArtifactFile[] = [];
    await this.listInto(files, proxyPath(root), path, options);
    return files.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** A file's entry, or null where there is no such file. */
  async findFile(root: string, path: string, options?: CallOptions): Promise<ArtifactFile | null> {
    const entries = await this.listFolder(proxyPath(root), parentOf(path), options);
    const entry = entries.find((file) => file.path === posix.basename(path) && file.is_dir !== true);
    return entry ? { path, size: sizeOf(entry) } : null;
  }

  /**
   * Uploads a file as `path`, in parts where it is large and the server's storage offers it.
   *
   * @param options.sha256 what the content must hash to
   * @throws ServerError `INVALID_PARAMETER_VALUE` where the content is another
   */
  async upload(
    root: string,
    path: string,
    file: string,
    options: CallOptions & { sha256?: string } = {},
  ): Promise<Transferred> {
    const target = posix.join(proxyPath(root), path);
    const { size } = await stat(file);
    const partSize = this.options.partSize ?? 10 * MEBIBYTE;
    const inParts =
      size >= (this.options.multipartThreshold ?? 100 * MEBIBYTE)
        ? await uploadInParts(this.http, { target, file, size, partSize }, options)
        : null;
    const sent = inParts ?? (await this.http.sendFile(`${PROXY}/${encodePath(target)}`, file, options));
    checkContent(path, sent, options.sha256);
    return sent;
  }

  /**
   * Downloads a file; `target` appears only when it is whole.
   *
   * @param options.sha256 what the content must hash to
   * @throws ServerError `RESOURCE_DOES_NOT_EXIST`
   */
  async download(
    root: string,
    path: string,
    target: string,
    options: CallOptions & { sha256?: string } = {},
  ): Promise<Transferred> {
    const source = `${PROXY}/${encodePath(posix.join(proxyPath(root), path))}`;
    return this.http.receiveFile(source, target, {
      ...options,
      verify: (received) => checkContent(path, received, options.sha256),
    });
  }

  /**
   * Uploads a file, or every file of a folder, below `path`, and makes sure that the server lists each with its size.
   *
   * @returns what each file, by its path below the root, was
   */
  async uploadTree(
    root: string,
    path: string,
    localPath: string,
    options?: CallOptions,
  ): Promise<Map<string, Transferred>> {
    const sent = new Map<string, Transferred>();
    const files = await listLocalFiles(localPath);
    await eachOf(files, TRANSFERS, async ({ file, name }) => {
      const target = posix.join(path, name);
      sent.set(target, await this.upload(root, target, file, options));
    });
    await this.verifyListed(root, sent, options);
    return sent;
  }

  /**
   * Downloads `path`, a file or a folder's content, into the folder `destination`.
   *
   * @throws ServerError `RESOURCE_DOES_NOT_EXIST` where there is neither
   */
  async downloadTree(root: string, path: string, destination: string, options?: CallOptions): Promise<void> {
    const files = await this.list(root, path, options);
    if (files.length === 0) {
      const file = path === '' ? null : await this.findFile(root, path, options);
      if (!file) throw new ServerError('RESOURCE_DOES_NOT_EXIST', `There is no artifact ${path || root}`);
      await this.download(root, path, join(destination, posix.basename(path)), options);
      return;
    }
    await eachOf(files, TRANSFERS, async ({ path: filePath }) => {
      const target = join(destination, ...posix.relative(path, filePath).split('/'));
      await this.download(root, filePath, target, options);
    });
  }

  private async verifyListed(
    root: string,
    sent: ReadonlyMap<string, Transferred>,
    options?: CallOptions,
  ): Promise<void> {
    const folders = new Set([...sent.keys()].map(parentOf));
    const sizes = new Map<string, number | null>();
    await eachOf([...folders], TRANSFERS, async (folder) => {
      for (const entry of await this.listFolder(proxyPath(root), folder, options)) {
        if (entry.is_dir !== true) sizes.set(posix.join(folder, entry.path), sizeOf(entry));
      }
    });
    for (const [path, { size }] of sent) {
      const listed = sizes.get(path);
      if (listed === undefined || (listed !== null && listed !== size)) {
        const found = listed === undefined ? 'does not list it' : `has ${listed}`;
        throw new ServerError('INTERNAL_ERROR', `${path}: ${size} bytes were sent and the server ${found}`);
      }
    }
  }

  private async listInto(
    files: ArtifactFile[],
    root: string,
    folder: string,
    options?: CallOptions,
  ): Promise<void> {
    const entries = await this.listFolder(root, folder, options);
    const folders: string[] = [];
    for (const entry of entries) {
      const path = posix.join(folder, entry.path);
      if (entry.is_dir === true) folders.push(path);
      else files.push({ path, size: sizeOf(entry) });
    }
    await eachOf(folders, TRANSFERS, (path) => this.listInto(files, root, path, options));
  }

  private async listFolder(root: string, folder: string, options?: CallOptions): Promise<WireFile[]> {
    const query = { path: posix.join(root, folder) };
    const { files = [] } = await this.http.get<{ files?: WireFile[] }>(PROXY, query, options);
    return files;
  }
}

const PROXY = '/api/2.0/mlflow-artifacts/artifacts';
const MEBIBYTE = 2 ** 20;
/** Transfers at once: enough to hide round trips, few enough for a small server. */
const TRANSFERS = 4;

function proxyPath(root: string): string {
  const match = /^mlflow-artifacts:\/(?!\/)(.+)$/.exec(root);
  if (!match) {
    throw new ServerError(
      'INVALID_PARAMETER_VALUE',
      `The artifacts at ${root} are not behind this server: start it with --serve-artifacts`,
    );
  }
  return match[1] as string;
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function parentOf(path: string): string {
  const parent = posix.dirname(path);
  return parent === '.' ? '' : parent;
}

function sizeOf(entry: WireFile): number | null {
  return entry.file_size === undefined ? null : Number(entry.file_size);
}

function checkContent(path: string, { sha256 }: Transferred, expected: string | undefined): void {
  if (expected === undefined || expected === sha256) return;
  throw new ServerError('INVALID_PARAMETER_VALUE', `${path}: its SHA-256 is ${sha256}, not ${expected}`);
}
