import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import type { OutputStream } from './output-tail.js';

/** How a process is started. */
export interface TrainingProcessOptions {
  /** JavaScript file that is run. */
  entry: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd: string;
  /** Called with every line of its output. */
  onLine: (line: string, stream: OutputStream) => void;
}

/** How a process ended. */
export interface ProcessEnd {
  /** Null where a signal ended it. */
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** Serving comes first: what is left over of the processors is training's. */
const NICENESS = 10;
/** Milliseconds between asking a process to end and ending it. */
const GRACE_MS = 5_000;

/** Compiled code, also when this file runs from its source: a process starts from JavaScript. */
const lifelineModule = new URL('../../../dist/models/training/end-with-parent.js', import.meta.url).href;

/** A Node process at low priority that leads a group of its own, and ends with the process that started it. */
export class TrainingProcess {
  private readonly child: ChildProcess;
  /** Resolves when the process has ended and all of its output was read. Rejects where it could not be started. */
  readonly ended: Promise<ProcessEnd>;

  constructor({ entry, args, env, cwd, onLine }: TrainingProcessOptions) {
    const command = ['-n', String(NICENESS), process.execPath, '--import', lifelineModule, entry, ...args];
    this.child = spawn('nice', command, {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    for (const stream of ['stdout', 'stderr'] as const) {
      const input = this.child[stream] as Readable;
      createInterface({ input, crlfDelay: Infinity }).on('line', (line) => onLine(line, stream));
    }
    // What it started must not keep its output open.
    this.child.once('exit', () => this.signal('SIGKILL'));
    this.ended = once(this.child, 'close').then(
      ([code, signal]) => ({ code, signal }) as unknown as ProcessEnd,
    );
    // Whoever awaits it sees the failure; nobody doing so must not end the API.
    this.ended.catch(() => undefined);
    void this.lowerGroupPriority();
  }

  /** Asks the whole group to end, and ends it where it does not; resolves when it is gone. */
  async stop(): Promise<void> {
    this.signal('SIGTERM');
    const force = new AbortController();
    const late = sleep(GRACE_MS, undefined, { signal: force.signal }).then(
      () => this.signal('SIGKILL'),
      () => undefined,
    );
    await this.ended.catch(() => undefined);
    force.abort();
    await late;
  }

  private signal(signal: NodeJS.Signals): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // Nothing of the group is left.
    }
  }

  /**
   * Linux may share the processors out between sessions before it looks at any process's own priority (sched(7),
   * "The autogroup feature"); a group of its own is a session of its own.
   */
  private async lowerGroupPriority(): Promise<void> {
    if (process.platform !== 'linux' || this.child.pid === undefined) return;
    await writeFile(`/proc/${this.child.pid}/autogroup`, String(NICENESS)).catch(() => undefined);
  }
}
