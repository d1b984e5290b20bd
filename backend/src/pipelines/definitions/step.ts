import type { Abstract, Type } from '@nestjs/common';

/** What a step is given. A step is idempotent: running it again, also after a crash in its middle, ends in the same. */
interface StepContext {
  /** The run's id: stays the same through retries and takeovers. */
  readonly runId: string;
  /** The time the run stands for, whenever it is executed. */
  readonly scheduledFor: Date;
  /** The run's parameters, validated. */
  readonly parameters: RunParameters;
  /** Fires where the step takes too long, its run is cancelled or its worker stops. */
  readonly signal: AbortSignal;
  /** Adds a line to the step's log. */
  readonly log: (message: string) => void;
}

/** What a run was started with, by name. */
export type RunParameters = Readonly<Record<string, string | number | boolean>>;

/** What a step did; kept with the run. */
export interface StepResult {
  rowsIn: number;
  rowsOut: number;
  /** More about it, by name; plain JSON. */
  details?: Readonly<Record<string, unknown>>;
}

/** One step's work. */
export type StepHandler = (context: StepContext) => Promise<StepResult>;

/** Finds an injectable of any module of the worker. */
export type ServiceResolver = <T>(token: Type<T> | Abstract<T>) => T;
