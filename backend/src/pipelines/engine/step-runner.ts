import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseUnavailable } from '../../common/errors/database-errors.js';
import type { StepDefinition } from '../definitions/pipeline-definition.js';
import type { ServiceResolver, StepResult } from '../definitions/step.js';
import type { PipelinesPool } from '../store/pipelines-pool.js';
import type { RunRecord, StepState } from '../store/run-records.js';
import type { StepClaim, StepJournal } from '../store/step-journal.js';
import type { ActiveSteps } from './active-steps.js';
import { boundDetails, describeError, detailsOf, isPermanent } from './describe-error.js';
import { outlastOutage } from './outlast-outage.js';
import { StepLog } from './step-log.js';

/** Milliseconds between two looks at a step that another worker is at. */
const BUSY_POLL_MS = 500;
/** Milliseconds a step is given to end once it was told to. */
const ABORT_GRACE_MS = 5_000;
/** A step that has cost so many workers their life is given up. */
const MAX_INTERRUPTIONS = 5;
/** Tries that an outage of the database may cost, beside those of the policy. */
const MAX_OUTAGES = 20;

/** What a step runner works with. */
export interface StepRunnerOptions {
  workerId: string;
  resolve: ServiceResolver;
}

/** What a try came to. */
type Attempt = { result: StepResult } | { error: unknown };

/** Executes steps: claims, tries, times out, retries, and writes down what came of it. */
export class StepRunner {
  constructor(
    private readonly journal: StepJournal,
    private readonly pool: PipelinesPool,
    private readonly active: ActiveSteps,
    private readonly options: StepRunnerOptions,
  ) {}

  /**
   * Executes one step of a run unless it has ended already, and says how it ended. Never settles where this worker may
   * no longer speak for the run: it stops, or was declared dead.
   */
  async run(run: RunRecord, step: StepDefinition, dependencies: readonly StepState[]): Promise<StepState> {
    const failed = step.dependsOn.filter((_, index) => dependencies[index] !== 'succeeded');
    if (failed.length > 0) {
      const reason = `${failed.join(', ')} did not succeed`;
      await outlastOutage(() => this.journal.skip(run.id, step.name, run.round, reason));
      return 'skipped';
    }
    const { workerId } = this.options;
    for (;;) {
      await this.active.waitUntilOpen();
      const begun = await outlastOutage(() => this.journal.begin(run.id, step.name, run.round, workerId));
      if (begun.kind === 'settled') return begun.state;
      if (begun.kind === 'lost') return this.active.leave(run.id, run.round);
      if (begun.kind === 'claimed') {
        return begun.interruptions > MAX_INTERRUPTIONS
          ? this.giveUp(begun.claim, begun.interruptions)
          : this.execute(run, step, begun.claim);
      }
      await sleep(BUSY_POLL_MS);
    }
  }

  private async execute(run: RunRecord, step: StepDefinition, first: StepClaim): Promise<StepState> {
    let claim = first;
    for (let tries = 1, outages = 0; ;) {
      const log = new StepLog(this.pool, claim);
      log.add(`attempt ${claim.attempt} on ${claim.workerId}`);
      const attempt = await this.attempt(run, step, claim, log);
      if (this.active.isLost(claim)) {
        await log.close();
        return this.active.leave(run.id, run.round);
      }
      if ('result' in attempt) {
        const { result } = attempt;
        log.add(`done: ${result.rowsIn} rows in, ${result.rowsOut} rows out`);
        await log.close();
        const kept = result.details ? { ...result, details: boundDetails(result.details) } : result;
        return this.settle(run, claim, 'succeeded', () => this.journal.succeed(claim, kept));
      }
      const { error } = attempt;
      const isOutage = isDatabaseUnavailable(error) && outages < MAX_OUTAGES;
      log.add(describeError(error), isOutage ? 'warn' : 'error');
      await log.close();
      if (!isOutage && (isPermanent(error) || tries >= step.retry.attempts))
        return this.settle(run, claim, 'failed', () =>
          this.journal.fail(claim, describeError(error), detailsOf(error)),
        );
      await sleep(isOutage ? step.retry.delayMs : step.retry.delayMs * step.retry.factor ** (tries - 1));
      if (isOutage) outages += 1;
      else tries += 1;
      const next = await outlastOutage(() => this.journal.retry(claim));
      if (!next) return this.active.leave(run.id, run.round);
      claim = next;
    }
  }

  /** One try, ended by its timeout, by a cancellation, or by the worker's end. */
  private async attempt(
    run: RunRecord,
    { name, timeoutMs, bind }: StepDefinition,
    claim: StepClaim,
    log: StepLog,
  ): Promise<Attempt> {
    const controller = this.active.add(claim);
    const timeout = setTimeout(() => {
      controller.abort(new Error(`The step took longer than ${timeoutMs} ms`));
    }, timeoutMs);
    const { signal } = controller;
    const ended = new Promise<Attempt>((resolve) => {
      // A step that does not listen is left behind: whatever it still writes is done again by whoever comes next.
      const leave = (): void => void setTimeout(() => resolve({ error: signal.reason }), ABORT_GRACE_MS);
      signal.addEventListener('abort', leave, { once: true });
    });
    try {
      const handler = bind(this.options.resolve);
      const context = {
        runId: run.id,
        scheduledFor: run.scheduledFor,
        parameters: run.parameters,
        signal,
        log: (message: string) => log.add(message),
      };
      const work = handler(context).then(
        (result): Attempt => ({ result }),
        (error: unknown): Attempt => ({ error: signal.aborted ? signal.reason : error }),
      );
      return await Promise.race([work, ended]);
    } catch (error) {
      return { error: new Error(`The step ${name} cannot be begun`, { cause: error }) };
    } finally {
      clearTimeout(timeout);
      this.active.remove(claim);
    }
  }

  private async giveUp(claim: StepClaim, interruptions: number): Promise<StepState> {
    const error = `Its worker was lost ${interruptions} times during this step: it is not tried again by itself`;
    await outlastOutage(() => this.journal.fail(claim, error, null));
    return 'failed';
  }

  /** Writes how a step ended, unless this worker may not speak for it any more. */
  private async settle(
    run: RunRecord,
    claim: StepClaim,
    state: StepState,
    write: () => Promise<boolean>,
  ): Promise<StepState> {
    const isHeld = await outlastOutage(write);
    return isHeld ? state : this.active.leave(claim.runId, run.round);
  }
}
