import { CronSchedule } from './cron-schedule.js';
import type { PipelineDefinition } from './pipeline-definition.js';
import { validateDefinitions } from './validate-definitions.js';

/** Every pipeline there is. */
export class PipelineRegistry {
  private readonly byId: ReadonlyMap<string, PipelineDefinition>;
  private readonly schedules: ReadonlyMap<string, CronSchedule>;

  /** @throws PipelineDefinitionError with everything that is wrong with them */
  constructor(definitions: readonly PipelineDefinition[]) {
    validateDefinitions(definitions);
    this.byId = new Map(definitions.map((definition) => [definition.id, definition]));
    this.schedules = new Map(
      definitions.flatMap(({ id, schedule }) =>
        schedule ? [[id, new CronSchedule(schedule.cron)] as const] : [],
      ),
    );
  }

  list(): PipelineDefinition[] {
    return [...this.byId.values()];
  }

  find(id: string): PipelineDefinition | null {
    return this.byId.get(id) ?? null;
  }

  /** Ticks of a pipeline's schedule; null where it has none. */
  findSchedule(id: string): CronSchedule | null {
    return this.schedules.get(id) ?? null;
  }

  /** Pipelines that a success of this one starts. */
  listSuccessors(id: string): PipelineDefinition[] {
    return this.list().filter(({ startsAfter }) => startsAfter === id);
  }
}
