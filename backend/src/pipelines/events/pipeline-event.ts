/** A change of state, as the database tells of it when it is committed. */
export type PipelineEvent =
  | { kind: 'run'; run_id: string; pipeline_id: string; state: string; round: number }
  | { kind: 'step'; run_id: string; step: string; state: string; attempt: number }
  /** Changes may have been missed: whoever shows states reads them anew. */
  | { kind: 'reset' };

/** Name under which the database tells of changes. */
export const CHANGES_CHANNEL = 'pipeline_changes';
