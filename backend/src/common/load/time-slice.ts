import { setImmediate as nextTurn } from 'node:timers/promises';

/** Lets other requests through whenever a loop has kept the event loop for `sliceMs`. */
export class TimeSlice {
  private start = performance.now();

  constructor(private readonly sliceMs: number) {}

  /** Resolves at once within the slice, else after a turn of the event loop. */
  async breathe(): Promise<void> {
    if (performance.now() - this.start < this.sliceMs) return;
    await nextTurn();
    this.start = performance.now();
  }
}
