import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { AppConfig } from '../../config/app-config.js';
import { OutputTail } from './output-tail.js';
import { TrainingProcess, type ProcessEnd } from './training-process.js';
import { readTrainingResult, RESULT_FILE, type TrainingResult } from './training-result.js';
import { TrainingFailedError, TrainingUnavailableError } from './training.errors.js';

/** What is trained. */
export interface TrainingRequest {
  /** Command of the `vitrine` command line, such as `train-time-to-sell`. */
  command: string;
  /** Folder for everything the training writes, `result.json` among it; made where it is missing. */
  outputDir: string;
  /** Its other arguments, such as `['--input', path, '--register']`; relative paths are relative to the project. */
  args: readonly string[];
  /** Ends the training, which then fails. */
  signal?: AbortSignal;
  /** Milliseconds it may take; as configured (`TRAINING_TIMEOUT_MS`) where it is left out. */
  timeoutMs?: number;
}

/**
 * Trains models in child processes, one at a time, through the `vitrine` command line: serving shares neither
 * memory nor event loop with it, and none of its code.
 */
@Injectable()
export class TrainingRunner implements OnModuleDestroy {
  private readonly logger = new Logger(TrainingRunner.name);
  private readonly closing = new AbortController();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly config: AppConfig) {}

  /** Whether this installation can train. */
  async isAvailable(): Promise<boolean> {
    const file = await stat(this.config.training.entry).catch(() => null);
    return file?.isFile() ?? false;
  }

  /**
   * Trains, after the trainings that were asked for before.
   *
   * @throws TrainingUnavailableError where the workspace is absent; TrainingFailedError
   */
  run(request: TrainingRequest): Promise<TrainingResult> {
    const mine = this.turn.then(() => this.runNow(request));
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  /** Ends what is running before the server waits for its last requests. */
  async onModuleDestroy(): Promise<void> {
    this.closing.abort();
    await this.turn;
  }

  private async runNow(request: TrainingRequest): Promise<TrainingResult> {
    if (!(await this.isAvailable())) throw new TrainingUnavailableError();
    const { command, outputDir, signal, timeoutMs = this.config.training.timeoutMs } = request;
    const resultPath = join(outputDir, RESULT_FILE);
    await mkdir(outputDir, { recursive: true });
    // What an earlier training left must not pass for the answer of this one.
    await rm(resultPath, { force: true });
    const tail = new OutputTail();
    const timeout = AbortSignal.timeout(timeoutMs);
    const stop = AbortSignal.any([timeout, this.closing.signal, ...(signal ? [signal] : [])]);
    const end = await this.execute(request, tail, stop);
    const failure = stop.aborted
      ? `${command} was stopped${timeout.aborted ? ` after ${timeoutMs} ms` : ''}`
      : describeFailure(command, end);
    if (failure !== null) throw new TrainingFailedError(failure, tail.lines());
    return readTrainingResult(resultPath).catch((cause: unknown) => {
      throw new TrainingFailedError(`${command} left no result`, tail.lines(), { cause });
    });
  }

  private async execute(
    { command, outputDir, args }: TrainingRequest,
    tail: OutputTail,
    stop: AbortSignal,
  ): Promise<ProcessEnd> {
    if (stop.aborted) return { code: null, signal: null };
    const { entry, environment } = this.config.training;
    const child = new TrainingProcess({
      entry,
      env: environment,
      cwd: this.config.rootDir,
      args: [command, ...args, '--output-dir', outputDir],
      onLine: (line, stream) => {
        tail.add(line, stream);
        this.logger.log(`${command}: ${line}`);
      },
    });
    const onStop = () => void child.stop();
    stop.addEventListener('abort', onStop, { once: true });
    try {
      return await child.ended;
    } catch (cause) {
      throw new TrainingFailedError(`${command} could not be started`, [], { cause });
    } finally {
      stop.removeEventListener('abort', onStop);
    }
  }
}

function describeFailure(command: string, { code, signal }: ProcessEnd): string | null {
  if (code === 0) return null;
  return signal ? `${command} was ended by ${signal}` : `${command} ended with code ${code}`;
}
