/** What a step is given. A step is idempotent: running it again, also after a crash in its middle, ends in the same. */
export interface StepContext {
  /** Identifies the run; two runs at once never touch each other's staged rows. */
  readonly runId: string;
  /** The time the run stands for, whenever it is executed. */
  readonly scheduledFor: Date;
  readonly parameters: StepParameters;
  /** Ends the step early: what it began is rolled back. */
  readonly signal: AbortSignal;
  /** A line of the run's log. */
  readonly log: (message: string) => void;
}

/** What whoever triggers a run may choose; unknown names are ignored. */
export interface StepParameters {
  /** `YYYY-MM` of the store sales; the month of `scheduledFor` where it is left out. */
  readonly month?: string;
  /** When labels without a time of their own were true (ISO 8601); `scheduledFor` where it is left out. */
  readonly as_of?: string;
  /** Share by which a data set may grow or shrink against its last published load; the checks have a default. */
  readonly max_row_change?: number;
  /** Days after which a source file is too old; never where it is left out. */
  readonly max_source_age_days?: number;
  /** Promote a newly trained label model although the gate refuses it. */
  readonly force?: boolean;
  /** Seed of a training. */
  readonly seed?: number;
}

/** What a step did. It is plain JSON, and kept with the run. */
export interface StepResult {
  rowsIn: number;
  rowsOut: number;
  /** More about it, by name. */
  details?: Readonly<Record<string, unknown>>;
}

/** One step of a pipeline. */
export type Step = (context: StepContext) => Promise<StepResult>;
