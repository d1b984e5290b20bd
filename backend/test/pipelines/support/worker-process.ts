import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Signs of life and takeovers that fit a test. */
export const fastSettings = {
  PIPELINES_POLL_MS: '100',
  PIPELINES_HEARTBEAT_MS: '200',
  PIPELINES_TAKEOVER_MS: '1500',
  SHUTDOWN_TIMEOUT_MS: '3000',
} as const;

/** A pipeline worker in a process of its own, which can be killed. */
export class WorkerProcess {
  private readonly child: ChildProcess;

  /** @param rootDir folder that relative paths of the configuration are in */
  constructor(rootDir: string, env: Readonly<Record<string, string>>) {
    this.child = spawn(process.execPath, ['--no-warnings', join(import.meta.dirname, 'run-worker.mjs')], {
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'test',
        LOG_LEVEL: 'fatal',
        DATABASE_POOL_SIZE: '5',
        WORKER_ROOT: rootDir,
        ...fastSettings,
        ...env,
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Sends a signal; ends that are asked for are waited for. */
  async signal(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill(signal);
    if (signal === 'SIGKILL' || signal === 'SIGTERM') await once(this.child, 'exit');
  }

  /** kill -9 */
  kill(): Promise<void> {
    return this.signal('SIGKILL');
  }
}
