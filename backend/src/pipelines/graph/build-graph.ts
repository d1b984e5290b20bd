import type { PipelineDefinition } from '../definitions/pipeline-definition.js';
import { sortSteps } from '../definitions/validate-definitions.js';
import type { PipelineGraphDto } from '../dto/pipeline.dto.js';
import type { StepRecord } from '../store/run-records.js';

/** A pipeline's graph with the states of a run, or without any. */
export function buildGraph(
  definition: PipelineDefinition,
  run: { id: string; steps: readonly StepRecord[] } | null,
): PipelineGraphDto {
  const steps = sortSteps(definition);
  const states = new Map(run?.steps.map(({ name, state }) => [name, state]));
  return {
    pipeline_id: definition.id,
    run_id: run?.id ?? null,
    nodes: steps.map(({ name, description }) => ({ name, description, state: states.get(name) ?? null })),
    edges: steps.flatMap(({ name, dependsOn }) => dependsOn.map((from) => ({ from, to: name }))),
  };
}
