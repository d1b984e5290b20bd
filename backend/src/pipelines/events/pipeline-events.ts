import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Client } from 'pg';
import { Observable, Subject, interval, map, merge, takeUntil, timer, type Subscriber } from 'rxjs';
import { AppConfig } from '../../config/app-config.js';
import { TooManyListenersError } from '../pipelines.errors.js';
import { CHANGES_CHANNEL, type PipelineEvent } from './pipeline-event.js';

/** Clients that listen at a time. */
const MAX_CLIENTS = 100;
/** Proxies close what is silent for a minute. */
const HEARTBEAT_MS = 15_000;
/** A client reconnects after this, and shows its token anew. */
const MAX_STREAM_MS = 30 * 60_000;
const RECONNECT_MS = 1_000;

/** What is sent to a client, in the form Nest takes. */
export interface StreamMessage {
  type: string;
  data: object;
}

/** Streams of changes: one connection to the database for all clients, opened for the first and closed after the last. */
@Injectable()
export class PipelineEvents implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Pipelines');
  private readonly listeners = new Set<Subscriber<PipelineEvent>>();
  private readonly closing = new Subject<void>();
  private reserved = 0;
  private connection: Promise<void> | null = null;
  private client: Client | null = null;

  constructor(private readonly config: AppConfig) {}

  /**
   * Changes from now on, beginning with `reset`, and a sign of life every 15 seconds.
   *
   * @throws TooManyListenersError
   */
  open(): Observable<StreamMessage> {
    if (this.reserved >= MAX_CLIENTS) throw new TooManyListenersError();
    this.reserved += 1;
    const changes = new Observable<PipelineEvent>((subscriber) => {
      this.listeners.add(subscriber);
      subscriber.next({ kind: 'reset' });
      this.connection ??= this.listen();
      return () => this.leave(subscriber);
    }).pipe(map((event) => ({ type: event.kind, data: event })));
    const heartbeats = interval(HEARTBEAT_MS).pipe(map(() => ({ type: 'heartbeat', data: {} })));
    return merge(changes, heartbeats).pipe(takeUntil(merge(this.closing, timer(MAX_STREAM_MS))));
  }

  /** Streams end before the server waits for its requests to end. */
  async beforeApplicationShutdown(): Promise<void> {
    this.closing.next();
    this.closing.complete();
    await this.client?.end().catch(() => undefined);
    await this.connection;
  }

  private leave(subscriber: Subscriber<PipelineEvent>): void {
    this.listeners.delete(subscriber);
    this.reserved -= 1;
    if (this.listeners.size === 0) void this.client?.end().catch(() => undefined);
  }

  /** Listens for as long as somebody is interested; a connection that is lost is made anew. */
  private async listen(): Promise<void> {
    while (this.listeners.size > 0) {
      try {
        await this.listenOnce();
      } catch (error) {
        this.logger.debug(`Changes of pipelines cannot be heard: ${String(error)}`);
        if (this.listeners.size > 0) await sleep(RECONNECT_MS, undefined, { ref: false });
      }
    }
    this.connection = null;
  }

  private async listenOnce(): Promise<void> {
    const { url, applicationName, connectTimeoutMs } = this.config.database;
    const client = new Client({
      connectionString: url ?? undefined,
      application_name: applicationName,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
    });
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    client.on('error', () => undefined);
    client.on('notification', ({ payload }) => this.tell(JSON.parse(payload ?? '{}') as PipelineEvent));
    this.client = client;
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANGES_CHANNEL}`);
      this.tell({ kind: 'reset' });
      await ended;
    } finally {
      this.client = null;
      await client.end().catch(() => undefined);
    }
  }

  private tell(event: PipelineEvent): void {
    for (const listener of this.listeners) listener.next(event);
  }
}
