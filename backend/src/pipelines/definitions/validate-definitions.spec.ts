import { definePipeline, type StepInput } from './pipeline-definition.js';
import {
  PipelineDefinitionError,
  sortSteps,
  validateDefinitions,
  withDependants,
} from './validate-definitions.js';

const step = (name: string, ...dependsOn: string[]): StepInput => ({
  name,
  description: name,
  dependsOn,
  bind: () => () => Promise.resolve({ rowsIn: 0, rowsOut: 0 }),
});
const pipeline = (id: string, steps: StepInput[], more = {}) =>
  definePipeline({ id, description: id, steps, ...more });
const problemsOf = (...definitions: ReturnType<typeof pipeline>[]): readonly string[] => {
  try {
    validateDefinitions(definitions);
    return [];
  } catch (error) {
    return (error as PipelineDefinitionError).problems;
  }
};

describe('definitions', () => {
  it('are sorted so that each step comes after those it depends on', () => {
    const sorted = sortSteps(pipeline('p', [step('d', 'b', 'c'), step('b', 'a'), step('a'), step('c', 'a')]));
    expect(sorted.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('know what depends on a step', () => {
    const definition = pipeline('p', [step('a'), step('b', 'a'), step('c'), step('d', 'b', 'c')]);
    expect([...withDependants(definition, ['b'])]).toEqual(['b', 'd']);
  });

  it.each([
    [
      'a circle',
      [step('a', 'c'), step('b', 'a'), step('c', 'b')],
      'these steps wait for each other: a, b, c',
    ],
    ['a step that waits for itself', [step('a', 'a')], 'these steps wait for each other: a'],
    ['an unknown dependency', [step('a', 'x')], 'a depends on "x", which is not there'],
    ['two steps of one name', [step('a'), step('a')], 'two steps called "a"'],
    ['a name that is none', [step('A b')], '"A b" is no kebab-case name'],
    ['no step', [], 'must have 1 to 100 steps'],
  ])('refuse %s', (_name, steps, problem) => {
    expect(problemsOf(pipeline('p', steps)).join()).toContain(problem);
  });

  it('refuse what is wrong between pipelines, all at once', () => {
    const problems = problemsOf(
      pipeline('one', [step('a')], { startsAfter: 'two' }),
      pipeline('two', [step('a')], { startsAfter: 'one' }),
      pipeline('two', [step('a')], { startsAfter: 'ghost' }),
      pipeline('runs', [step('a')]),
    );
    expect(problems).toEqual([
      'two pipelines are called "two"',
      'two starts after "ghost", which is not there',
      '"runs" is no kebab-case id, or is reserved',
    ]);
    expect(
      problemsOf(
        pipeline('one', [step('a')], { startsAfter: 'two' }),
        pipeline('two', [step('a')], { startsAfter: 'one' }),
      ),
    ).toEqual(['one would start itself again and again', 'two would start itself again and again']);
  });

  it.each([
    ['no cron', 'every full moon', new Date(0)],
    ['a start between two ticks', '@monthly', new Date('2020-01-15T00:00:00Z')],
    ['a day that never comes', '0 0 31 2 *', new Date(0)],
  ])('refuse %s', (_name, cron, startsAt) => {
    expect(
      problemsOf(pipeline('p', [step('a')], { schedule: { cron, startsAt, catchUp: true } })),
    ).toHaveLength(1);
  });
});
