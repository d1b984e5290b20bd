import { Worker } from 'node:worker_threads';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { AppConfig } from '../../config/app-config.js';

/** The API serves before its pipelines do. */
const START_DELAY_MS = 2_000;
const RESTART_MS = 5_000;
/** Milliseconds that stopping may take beyond what steps under way are given. */
const STOP_MARGIN_MS = 15_000;

/** A pipeline worker in a thread of the API: loading and computing never keep a request waiting. */
@Injectable()
export class EmbeddedWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Pipelines');
  private thread: Worker | null = null;
  private timer: NodeJS.Timeout | undefined;
  private isStopping = false;

  constructor(private readonly config: AppConfig) {}

  onApplicationBootstrap(): void {
    if (this.config.pipelines.worker === 'embedded') this.startLater(START_DELAY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.timer);
    const { thread } = this;
    if (!thread) return;
    const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
    thread.postMessage('stop');
    const late = setTimeout(
      () => void thread.terminate(),
      this.config.server.shutdownTimeoutMs + STOP_MARGIN_MS,
    );
    await ended;
    clearTimeout(late);
  }

  private startLater(delayMs: number): void {
    this.timer = setTimeout(() => this.start(), delayMs);
    this.timer.unref();
  }

  private start(): void {
    const thread = new Worker(new URL('./worker-thread.js', import.meta.url), { workerData: this.config });
    this.thread = thread;
    thread.on('error', (error) => this.logger.error(`The embedded worker failed: ${String(error)}`));
    thread.once('exit', () => {
      this.thread = null;
      if (!this.isStopping) this.startLater(RESTART_MS);
    });
  }
}
