import type { OpenAPIObject } from '@nestjs/swagger';
import { PROBLEM_MARK } from '../decorators/api-problems.decorator.js';
import type { ProblemCode } from './problems.js';
import { problemCodes, problems } from './problems.js';

interface Operation extends Record<string, unknown> {
  responses: Record<string, unknown>;
}

/**
 * Completes an API document with the problems its operations answer with: those of `@ApiProblems`, and whatever else
 * as the default. (A response decorator on a method would hide its success response.)
 */
export function describeProblems(document: OpenAPIObject): OpenAPIObject {
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path as Record<string, Operation>)) {
      addResponses(operation);
    }
  }
  return document;
}

function addResponses(operation: Operation): void {
  for (const [status, codes] of groupByStatus(takeMarks(operation))) {
    const description = codes.map((code) => `\`${code}\`: ${problems[code].title}.`).join(' ');
    operation.responses[String(status)] ??= problemResponse(description);
  }
  operation.responses.default ??= problemResponse('Any other problem.');
}

function takeMarks(operation: Operation): ProblemCode[] {
  const codes = problemCodes.filter((code) => `${PROBLEM_MARK}${code}` in operation);
  for (const code of codes) {
    delete operation[`${PROBLEM_MARK}${code}`];
  }
  return codes;
}

const problemResponse = (description: string): object => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDto' } } },
});

function groupByStatus(codes: readonly ProblemCode[]): Map<number, ProblemCode[]> {
  const groups = new Map<number, ProblemCode[]>();
  for (const code of codes) {
    const { status } = problems[code];
    groups.set(status, [...(groups.get(status) ?? []), code]);
  }
  return groups;
}
