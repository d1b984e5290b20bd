import type { StepState } from '../store/run-records.js';
import type { StepClaim } from '../store/step-journal.js';

interface ActiveStep {
  claim: StepClaim;
  controller: AbortController;
}

const keyOf = ({ runId, step }: StepClaim): string => `${runId}/${step}`;

/** What this worker is at, so that it can be told to stop. */
export class ActiveSteps {
  private readonly steps = new Map<string, ActiveStep>();
  private readonly lost = new WeakSet<StepClaim>();
  private isClosing = false;

  /** @param isCancelled tells whether a run this worker lost was cancelled, rather than taken over */
  constructor(private readonly isCancelled: (runId: string, round: number) => Promise<boolean>) {}

  get claims(): StepClaim[] {
    return [...this.steps.values()].map(({ claim }) => claim);
  }

  add(claim: StepClaim): AbortController {
    const controller = new AbortController();
    this.steps.set(keyOf(claim), { claim, controller });
    return controller;
  }

  remove(claim: StepClaim): void {
    this.steps.delete(keyOf(claim));
  }

  /** Tells steps to stop, as somebody else decides over them now. */
  abort(claims: readonly StepClaim[], reason: Error): void {
    for (const claim of claims) {
      const step = this.steps.get(keyOf(claim));
      if (step?.claim !== claim) continue;
      this.lost.add(claim);
      step.controller.abort(reason);
    }
  }

  isLost(claim: StepClaim): boolean {
    return this.lost.has(claim);
  }

  /** Begins no further step. */
  close(): void {
    this.isClosing = true;
  }

  /** Resolves at once, or never where the worker stops. */
  waitUntilOpen(): Promise<void> {
    return this.isClosing ? forever() : Promise.resolve();
  }

  /** Resolves when nothing is under way any more, or when `timeoutMs` have passed. */
  async drain(timeoutMs: number): Promise<void> {
    for (const end = Date.now() + timeoutMs; this.steps.size > 0 && Date.now() < end;)
      await new Promise((resolve) => setTimeout(resolve, 50));
  }

  /**
   * Where a run is no longer this worker's: its workflow ends where it was cancelled. Where another worker has it, its
   * workflow must write nothing at all here, so it never settles; the worker itself begins anew.
   */
  async leave(runId: string, round: number): Promise<StepState> {
    return (await this.isCancelled(runId, round)) ? 'cancelled' : forever();
  }
}

const forever = <T>(): Promise<T> => new Promise(() => undefined);
