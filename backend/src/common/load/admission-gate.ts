/** Thrown where no more work is taken in. */
export class AdmissionRefusedError extends Error {
  constructor(admitted: number) {
    super(`${admitted} pieces of work are at hand`);
    this.name = 'AdmissionRefusedError';
  }
}

/**
 * Bounds how much costly work is at hand: `concurrency` pieces run, `queue` more are held (being received or waiting),
 * everything beyond is refused at once, so that memory and waiting times stay bounded.
 */
export class AdmissionGate {
  private admitted = 0;
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly concurrency: number,
    private readonly queue: number,
  ) {}

  /** Pieces of work at hand: running, waiting or being received. */
  get depth(): number {
    return this.admitted;
  }

  /**
   * Takes one piece of work in.
   *
   * @returns gives the place back; calling it again does nothing
   * @throws AdmissionRefusedError where the bound is reached
   */
  enter(): () => void {
    if (this.admitted >= this.concurrency + this.queue) throw new AdmissionRefusedError(this.admitted);
    this.admitted++;
    let left = false;
    return () => {
      if (!left) this.admitted--;
      left = true;
    };
  }

  /** Runs `fn` as soon as one of the `concurrency` places is free, in the order of asking. */
  async run<T>(fn: () => Promise<T>): Promise<T> {
    if (this.running >= this.concurrency) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running++;
    try {
      return await fn();
    } finally {
      const next = this.waiting.shift();
      // The place is handed on: nobody can take it in between.
      if (next) next();
      else this.running--;
    }
  }
}
