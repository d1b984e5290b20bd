import { checkParameters } from './parameters.js';

const definitions = {
  share: { type: 'number', description: 'A share.', min: 0, max: 1 },
  seed: { type: 'integer', description: 'A seed.', min: 0 },
  force: { type: 'boolean', description: 'Whether.' },
  day: {
    type: 'string',
    description: 'A day.',
    pattern: { regex: /^\d{4}-\d{2}-\d{2}$/, hint: 'must be a day' },
  },
} as const;

it('lets through what fits, and nothing beside it', () => {
  const given = { share: 0.5, seed: 7, force: true, day: '2020-01-01' };
  expect(checkParameters(definitions, given)).toEqual({ parameters: given });
  expect(checkParameters(definitions, {})).toEqual({ parameters: {} });
});

it.each([
  ['a text for a number', { share: '0.5' }, 'must be a number'],
  ['too much', { share: 1.1 }, 'must be between 0 and 1'],
  ['no number', { share: Number.NaN }, 'must be a number'],
  ['a fraction', { seed: 1.5 }, 'must be a whole number'],
  ['a whole number past all bounds', { seed: 1e300 }, 'must be a whole number'],
  ['a text for a flag', { force: 'true' }, 'must be true or false'],
  ['a text of another form', { day: 'monday' }, 'must be a day'],
  ['a text with NUL', { day: '2020-01-01\0' }, 'must be a text of at most 200 characters'],
  ['an object', { day: {} }, 'must be a text of at most 200 characters'],
  ['an unknown name', { colour: 1 }, 'is no parameter of this pipeline'],
  ['an inherited name', { toString: 1 }, 'is no parameter of this pipeline'],
])('tells of %s', (_name, given, detail) => {
  const pointer = `#/parameters/${Object.keys(given)[0]}`;
  expect(checkParameters(definitions, given)).toEqual({ errors: [{ pointer, detail }] });
});

it('escapes hostile names', () => {
  const { errors } = checkParameters(definitions, { 'a/b~"\ud800': 1 }) as { errors: { pointer: string }[] };
  expect(errors[0]!.pointer).toBe('#/parameters/a~1b~0%22%EF%BF%BD');
});
