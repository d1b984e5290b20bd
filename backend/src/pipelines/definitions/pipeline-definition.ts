import type { ParameterDefinitions } from './parameters.js';
import type { ServiceResolver, StepHandler } from './step.js';

/** How often a step is tried, and how long between; an error that says it is permanent is not tried again. */
interface RetryPolicy {
  /** Tries in all, the first included. */
  attempts: number;
  /** Milliseconds before the second try. */
  delayMs: number;
  /** By how much the delay grows from try to try. */
  factor: number;
}

/** One node of a pipeline's graph. */
export interface StepDefinition {
  name: string;
  /** One sentence for people. */
  description: string;
  /** Steps that must have succeeded before. */
  dependsOn: readonly string[];
  /** Milliseconds that one try may take. */
  timeoutMs: number;
  retry: RetryPolicy;
  /** Binds the step to the services that do its work. */
  bind: (resolve: ServiceResolver) => StepHandler;
}

/** When a pipeline runs by itself. A run stands for an interval, named by its start, and is due once that has ended. */
export interface ScheduleDefinition {
  /** Five fields or a nickname such as `@monthly`, in UTC. */
  cron: string;
  /** Whether intervals that were missed are run too, or the newest alone. */
  catchUp: boolean;
  /** Start of the first interval. */
  startsAt: Date;
  /** Whether an interval's data is there; always where it is left out. */
  hasData?: (scheduledFor: Date, resolve: ServiceResolver) => Promise<boolean>;
}

/** A directed acyclic graph of steps, and when it runs. */
export interface PipelineDefinition {
  /** Kebab-case; part of addresses. */
  id: string;
  /** One sentence for people. */
  description: string;
  schedule: ScheduleDefinition | null;
  /** Pipeline whose success starts this one for the same `scheduled_for`. */
  startsAfter: string | null;
  /** Whether runs take turns, as they replace the same tables; otherwise each has a slice of its own. */
  isExclusive: boolean;
  parameters: ParameterDefinitions;
  steps: readonly StepDefinition[];
}

/** A step as it is written down: what is left out is usual. */
export type StepInput = Pick<StepDefinition, 'name' | 'description' | 'bind'> &
  Partial<Pick<StepDefinition, 'dependsOn' | 'timeoutMs'>> & { retry?: Partial<RetryPolicy> };

/** A pipeline as it is written down: what is left out is usual. */
export type PipelineInput = Pick<PipelineDefinition, 'id' | 'description'> &
  Partial<Omit<PipelineDefinition, 'id' | 'description' | 'steps'>> & { steps: readonly StepInput[] };

const DEFAULT_TIMEOUT_MS = 10 * 60_000;
const DEFAULT_RETRY: RetryPolicy = { attempts: 3, delayMs: 1_000, factor: 4 };

/** Fills in what is usual. */
export function definePipeline(input: PipelineInput): PipelineDefinition {
  return {
    schedule: null,
    startsAfter: null,
    isExclusive: true,
    parameters: {},
    ...input,
    steps: input.steps.map((step) => ({
      dependsOn: [],
      timeoutMs: DEFAULT_TIMEOUT_MS,
      ...step,
      retry: { ...DEFAULT_RETRY, ...step.retry },
    })),
  };
}
