import type { FieldError } from '../../common/errors/app.error.js';
import type { RunParameters } from './step.js';

/** What a parameter may be. */
export interface ParameterDefinition {
  type: 'string' | 'integer' | 'number' | 'boolean';
  /** One sentence for people. */
  description: string;
  /** Smallest and largest number. */
  min?: number;
  max?: number;
  /** What a string must look like, and how people are told. */
  pattern?: { regex: RegExp; hint: string };
}

/** The parameters of a pipeline, by name; each may be left out. */
export type ParameterDefinitions = Readonly<Record<string, ParameterDefinition>>;

/** Longest string parameter. */
const MAX_LENGTH = 200;

/** Checks what was given against the definitions: unknown names and wrong values are told by their pointer. */
export function checkParameters(
  definitions: ParameterDefinitions,
  given: Readonly<Record<string, unknown>>,
): { parameters: RunParameters } | { errors: FieldError[] } {
  const errors = Object.entries(given).flatMap(([name, value]) => {
    const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
    const problem = definition ? findProblem(definition, value) : 'is no parameter of this pipeline';
    return problem === null ? [] : [{ pointer: `#/parameters/${pointerOf(name)}`, detail: problem }];
  });
  return errors.length > 0 ? { errors } : { parameters: { ...given } as RunParameters };
}

/** RFC 6901 §3 and §6; a name from outside is cut. */
const pointerOf = (name: string): string =>
  encodeURIComponent(name.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1').toWellFormed());

function findProblem({ type, min, max, pattern }: ParameterDefinition, value: unknown): string | null {
  switch (type) {
    case 'boolean':
      return typeof value === 'boolean' ? null : 'must be true or false';
    case 'string':
      if (typeof value !== 'string' || value.length > MAX_LENGTH || value.includes('\0'))
        return `must be a text of at most ${MAX_LENGTH} characters`;
      return pattern && !pattern.regex.test(value) ? pattern.hint : null;
    default:
      return findNumberProblem(type, min, max, value);
  }
}

function findNumberProblem(
  type: 'integer' | 'number',
  min = -Number.MAX_SAFE_INTEGER,
  max = Number.MAX_SAFE_INTEGER,
  value: unknown,
): string | null {
  const isRight = type === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (!isRight) return type === 'integer' ? 'must be a whole number' : 'must be a number';
  const number = value as number;
  return number < min || number > max ? `must be between ${min} and ${max}` : null;
}
