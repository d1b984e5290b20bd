import type { PipelineRegistry } from '../definitions/pipeline-registry.js';
import { sortSteps } from '../definitions/validate-definitions.js';
import type { PipelineDefinition, StepDefinition } from '../definitions/pipeline-definition.js';
import type { PipelinesPool } from '../store/pipelines-pool.js';
import type { RunRecord, StepState } from '../store/run-records.js';
import type { RunStore } from '../store/run-store.js';
import type { StepJournal } from '../store/step-journal.js';
import type { ActiveSteps } from './active-steps.js';
import { outlastOutage } from './outlast-outage.js';
import type { RunLauncher } from './run-launcher.js';
import type { StepRunner } from './step-runner.js';

/** Does something durable: once it is done it is not done again, and its answer is remembered. */
export type DurableStep = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** What a run is executed with. */
export interface RunExecutorParts {
  workerId: string;
  registry: PipelineRegistry;
  pool: PipelinesPool;
  runs: RunStore;
  journal: StepJournal;
  launcher: RunLauncher;
  active: ActiveSteps;
  steps: StepRunner;
}

/** Takes a run through its graph. */
export class RunExecutor {
  constructor(private readonly parts: RunExecutorParts) {}

  /** Executes what of a run has not been executed yet, and says how the run ended. */
  async execute(runId: string, round: number, durably: DurableStep): Promise<string> {
    const run = await outlastOutage(() => this.claim(runId, round));
    if (!run) return this.parts.active.leave(runId, round);
    const definition = this.parts.registry.find(run.pipelineId);
    if (!definition) {
      const error = `This version of the program has no pipeline "${run.pipelineId}"`;
      await outlastOutage(() => this.parts.journal.finishRun(this.parts.pool, runId, round, 'failed', error));
      return 'failed';
    }
    const states = await this.executeSteps(run, sortSteps(definition), durably);
    if (Object.values(states).includes('cancelled')) return 'cancelled';
    return durably('finish', () => outlastOutage(() => this.finish(run, definition, states)));
  }

  private async claim(runId: string, round: number): Promise<RunRecord | null> {
    const { journal, pool, runs, registry, workerId } = this.parts;
    const run = await journal.claimRun(runId, round, workerId);
    const definition = run && registry.find(run.pipelineId);
    if (definition) await runs.addSteps(pool, runId, definition);
    return run;
  }

  /**
   * Starts every step at once, each waiting for those it depends on: the engine numbers them in the order in which they
   * are started, which is the same each time a run is taken up again, while steps that are independent run side by side.
   */
  private async executeSteps(
    run: RunRecord,
    steps: readonly StepDefinition[],
    durably: DurableStep,
  ): Promise<Record<string, StepState>> {
    const outcomes = new Map<string, Promise<StepState>>();
    for (const step of steps) {
      const before = Promise.all(step.dependsOn.map((name) => outcomes.get(name)!));
      const outcome = durably(step.name, async () => this.parts.steps.run(run, step, await before));
      // Whoever waits for it hears of its failure; until then it must not count as unheard.
      outcome.catch(() => undefined);
      outcomes.set(step.name, outcome);
    }
    const states = await Promise.all(
      [...outcomes].map(async ([name, outcome]) => [name, await outcome] as const),
    );
    return Object.fromEntries(states);
  }

  /** Ends the run and, where it succeeded, starts what comes after it, both or neither. */
  private async finish(
    { id, round, pipelineId, scheduledFor }: RunRecord,
    definition: PipelineDefinition,
    states: Readonly<Record<string, StepState>>,
  ): Promise<'succeeded' | 'failed'> {
    const { journal, launcher, registry } = this.parts;
    const failed = definition.steps.filter(({ name }) => states[name] === 'failed').map(({ name }) => name);
    const state = failed.length > 0 ? 'failed' : 'succeeded';
    const error = failed.length > 0 ? `failed: ${failed.join(', ')}` : null;
    await launcher.transact(async (client) => {
      const isEndedNow = await journal.finishRun(client, id, round, state, error);
      if (!isEndedNow || state === 'failed') return;
      for (const successor of registry.listSuccessors(pipelineId))
        await launcher.launch(client, successor, {
          scheduledFor,
          parameters: {},
          trigger: 'pipeline',
          triggeredBy: pipelineId,
        });
    });
    return state;
  }
}
