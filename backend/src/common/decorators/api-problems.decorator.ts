import { applyDecorators } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { ProblemCode } from '../errors/problems.js';

/** Prefix of the marks that an operation carries until `describeProblems` makes responses of them. */
export const PROBLEM_MARK = 'x-problem-';

/** Documents the problems that a route, or every route of a controller, answers with. */
export const ApiProblems = (...codes: ProblemCode[]): MethodDecorator & ClassDecorator =>
  applyDecorators(...codes.map((code) => ApiExtension(`${PROBLEM_MARK}${code}`, true)));
