import { CronSchedule } from './cron-schedule.js';
import type { PipelineDefinition, StepDefinition } from './pipeline-definition.js';

/** Parts of addresses beside pipelines' ids. */
const reservedIds = ['runs', 'events', 'workers'];
const idPattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** Steps of one pipeline: its graph must stay something people can look at. */
const MAX_STEPS = 100;

/** Definitions that make no sense: the process does not start with them. */
export class PipelineDefinitionError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The pipelines are not well defined:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = new.target.name;
  }
}

/**
 * Checks names, dependencies, schedules and limits of all pipelines.
 *
 * @throws PipelineDefinitionError with every problem
 */
export function validateDefinitions(definitions: readonly PipelineDefinition[]): void {
  const ids = definitions.map(({ id }) => id);
  const problems = [
    ...repeated(ids).map((id) => `two pipelines are called "${id}"`),
    ...definitions.flatMap((definition) => findProblems(definition, ids)),
    ...findStartCycles(definitions),
  ];
  if (problems.length > 0) throw new PipelineDefinitionError(problems);
}

/**
 * Steps such that each comes after those it depends on; otherwise in the order they are written in.
 *
 * @throws PipelineDefinitionError where they depend on each other in a circle
 */
export function sortSteps(definition: Pick<PipelineDefinition, 'id' | 'steps'>): StepDefinition[] {
  const sorted: StepDefinition[] = [];
  const done = new Set<string>();
  let open = [...definition.steps];
  while (open.length > 0) {
    const ready = open.filter(({ dependsOn }) => dependsOn.every((name) => done.has(name)));
    if (ready.length === 0)
      throw new PipelineDefinitionError([
        `${definition.id}: these steps wait for each other: ${open.map(({ name }) => name).join(', ')}`,
      ]);
    for (const step of ready) {
      sorted.push(step);
      done.add(step.name);
    }
    open = open.filter(({ name }) => !done.has(name));
  }
  return sorted;
}

/** The steps themselves and all that depend on them, directly or not. */
export function withDependants(
  definition: Pick<PipelineDefinition, 'id' | 'steps'>,
  names: readonly string[],
): Set<string> {
  const found = new Set(names);
  for (const step of sortSteps(definition))
    if (step.dependsOn.some((name) => found.has(name))) found.add(step.name);
  return found;
}

function findProblems(definition: PipelineDefinition, ids: readonly string[]): string[] {
  const { id, steps, startsAfter, schedule } = definition;
  const problems: string[] = [];
  if (!idPattern.test(id) || reservedIds.includes(id))
    problems.push(`"${id}" is no kebab-case id, or is reserved`);
  if (steps.length === 0 || steps.length > MAX_STEPS)
    problems.push(`${id} must have 1 to ${MAX_STEPS} steps`);
  if (startsAfter !== null && !ids.includes(startsAfter))
    problems.push(`${id} starts after "${startsAfter}", which is not there`);
  if (schedule) problems.push(...findScheduleProblems(id, schedule.cron, schedule.startsAt));
  return [...problems, ...findStepProblems(definition)];
}

function findStepProblems(definition: PipelineDefinition): string[] {
  const { id, steps } = definition;
  const names = steps.map(({ name }) => name);
  const problems = repeated(names).map((name) => `${id} has two steps called "${name}"`);
  for (const { name, dependsOn, timeoutMs, retry } of steps) {
    if (!idPattern.test(name)) problems.push(`${id}: "${name}" is no kebab-case name`);
    for (const other of dependsOn)
      if (!names.includes(other)) problems.push(`${id}: ${name} depends on "${other}", which is not there`);
    if (!(timeoutMs > 0)) problems.push(`${id}: ${name} must have some time`);
    if (!(retry.attempts >= 1)) problems.push(`${id}: ${name} must be tried once at least`);
  }
  return problems.length > 0 ? problems : findStepCycle(definition);
}

function findStepCycle(definition: PipelineDefinition): string[] {
  try {
    sortSteps(definition);
    return [];
  } catch (error) {
    return [...(error as PipelineDefinitionError).problems];
  }
}

function findScheduleProblems(id: string, cron: string, startsAt: Date): string[] {
  try {
    const schedule = new CronSchedule(cron);
    return schedule.isTick(startsAt) ? [] : [`${id}: its schedule does not begin on one of its ticks`];
  } catch (error) {
    return [`${id}: "${cron}" is no schedule: ${(error as Error).message}`];
  }
}

/** Pipelines that would start each other without end. */
function findStartCycles(definitions: readonly PipelineDefinition[]): string[] {
  const after = new Map(definitions.map(({ id, startsAfter }) => [id, startsAfter]));
  return definitions
    .filter(({ id }) => {
      let current = after.get(id) ?? null;
      for (let hops = 0; current !== null && hops <= definitions.length; hops += 1) {
        if (current === id) return true;
        current = after.get(current) ?? null;
      }
      return false;
    })
    .map(({ id }) => `${id} would start itself again and again`);
}

const repeated = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name, index) => names.indexOf(name) !== index)),
];
