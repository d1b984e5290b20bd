import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, HeadObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { OnModuleDestroy } from '@nestjs/common';
import type { AppConfig } from '../../config/app-config.js';
import { SourceFileError } from '../loading/loading.errors.js';
import { CustomerSource, type SourceFile } from './customer-source.js';

/** Times that a download which breaks off goes on where it stopped. */
const MAX_RESUMES = 4;
const FIRST_PAUSE_MS = 200;
const TIMEOUT_MS = 30_000;

/** Which state of which object is read. */
interface ObjectState {
  key: string;
  bytes: number;
  etag: string | undefined;
}

/** Customer files in an S3 bucket, of AWS or any server that speaks its protocol. */
export class S3Source extends CustomerSource implements OnModuleDestroy {
  readonly location: string;
  private readonly client: S3Client;
  private readonly bucket: string;
  private readonly prefix: string;

  constructor({
    bucket,
    prefix,
    endpoint,
    region,
    isPathStyle,
    credentials,
  }: NonNullable<AppConfig['customers']['s3']>) {
    super();
    this.bucket = bucket;
    this.prefix = prefix === '' ? '' : `${prefix.replace(/\/+$/, '')}/`;
    this.location = `s3://${bucket}/${this.prefix}`;
    this.client = new S3Client({
      region,
      forcePathStyle: isPathStyle,
      requestHandler: { requestTimeout: TIMEOUT_MS, connectionTimeout: 5_000 },
      ...(endpoint === null ? {} : { endpoint }),
      ...(credentials === null ? {} : { credentials: { ...credentials } }),
    });
  }

  async find(names: readonly string[], signal: AbortSignal): Promise<SourceFile | null> {
    for (const name of names) {
      const file = await this.findOne(`${this.prefix}${name}`, signal);
      if (file) return file;
    }
    return null;
  }

  /** Ends the client's connections. */
  onModuleDestroy(): void {
    this.client.destroy();
  }

  private async findOne(key: string, signal: AbortSignal): Promise<SourceFile | null> {
    const name = `s3://${this.bucket}/${key}`;
    const head = await this.client
      .send(new HeadObjectCommand({ Bucket: this.bucket, Key: key }), { abortSignal: signal })
      .catch((error: unknown) => {
        signal.throwIfAborted();
        if (isMissing(error)) return null;
        throw unreachable(name, error);
      });
    if (!head) return null;
    const state = { key, bytes: head.ContentLength ?? 0, etag: head.ETag };
    return {
      name,
      bytes: state.bytes,
      modifiedAt: head.LastModified ?? null,
      open: (opened) =>
        Promise.resolve(Readable.from(this.download(name, state, opened), { objectMode: false })),
    };
  }

  /** The object's bytes; where the connection breaks, the rest of the same state of the object is asked for. */
  private async *download(name: string, state: ObjectState, signal: AbortSignal): AsyncGenerator<Buffer> {
    let offset = 0;
    for (let attempt = 0; offset < state.bytes; attempt += 1) {
      try {
        for await (const chunk of await this.read(state, offset, signal)) {
          offset += (chunk as Buffer).length;
          yield chunk as Buffer;
        }
        if (offset < state.bytes)
          throw new Error(`the connection ended after ${offset} of ${state.bytes} bytes`);
      } catch (error) {
        signal.throwIfAborted();
        if (isMissing(error) || hasChanged(error) || attempt >= MAX_RESUMES) throw unreachable(name, error);
        await sleep(FIRST_PAUSE_MS * 2 ** attempt, undefined, { signal });
      }
    }
  }

  private async read(
    { key, etag, bytes }: ObjectState,
    offset: number,
    signal: AbortSignal,
  ): Promise<Readable> {
    const { Body } = await this.client.send(
      new GetObjectCommand({
        Bucket: this.bucket,
        Key: key,
        ...(etag === undefined ? {} : { IfMatch: etag }),
        ...(offset === 0 ? {} : { Range: `bytes=${offset}-${bytes - 1}` }),
      }),
      { abortSignal: signal },
    );
    return Body as Readable;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof S3ServiceException && (error.name === 'NotFound' || error.name === 'NoSuchKey');
}

/** The object was replaced while it was read. */
function hasChanged(error: unknown): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412;
}

function unreachable(file: string, error: unknown): SourceFileError {
  const reason = hasChanged(error) ? 'it was replaced meanwhile' : describe(error);
  return new SourceFileError('unreachable', { file }, `cannot be read: ${reason}`, { cause: error });
}

function describe(error: unknown): string {
  if (error instanceof S3ServiceException) return `${error.name} (${error.$metadata.httpStatusCode})`;
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
