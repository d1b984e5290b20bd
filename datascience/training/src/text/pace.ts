import { setImmediate } from 'node:timers/promises';

/** Steps between two looks at the clock. */
const STEPS_PER_LOOK = 64;
/** Other work of the process, such as Ctrl-C, waits no longer than this. */
const MAX_BLOCKING_MS = 100;

/** Keeps long loops interruptible: they await `step()` once per row. */
export class Pace {
  private steps = 0;
  private turn = performance.now();

  constructor(private readonly signal: AbortSignal) {}

  /**
   * Gives others a turn now and then; otherwise costs next to nothing, because it then returns no promise.
   *
   * @throws the signal's reason once it is aborted
   */
  step(): Promise<void> | undefined {
    if (++this.steps % STEPS_PER_LOOK !== 0 || performance.now() - this.turn < MAX_BLOCKING_MS)
      return undefined;
    return this.rest();
  }

  private async rest(): Promise<void> {
    await setImmediate();
    this.signal.throwIfAborted();
    this.turn = performance.now();
  }
}
