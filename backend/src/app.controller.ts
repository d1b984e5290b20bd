import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Public } from './auth/decorators/public.decorator.js';
import { ApiProblems } from './common/decorators/api-problems.decorator.js';
import { AppError } from './common/errors/app.error.js';
import { ProblemDescriptionDto } from './common/errors/problem.dto.js';
import type { ProblemCode } from './common/errors/problems.js';
import { problems, problemType } from './common/errors/problems.js';
import { AppConfig } from './config/app-config.js';

@ApiTags('status')
@Public()
@Controller()
export class AppController {
  constructor(private readonly config: AppConfig) {}

  /** Says that the API is online. */
  @Get()
  @Header('content-type', 'application/json; charset=utf-8')
  @ApiOkResponse({ schema: { type: 'string', example: 'API Vitrine is online!' } })
  getStatus(): string {
    return JSON.stringify(`API ${this.config.projectName} is online!`);
  }

  /** Describes a kind of problem: where the `type` of a problem document leads. */
  @Get('problems/:code')
  @ApiProblems('not-found')
  getProblem(@Param('code') code: string): ProblemDescriptionDto {
    if (!Object.hasOwn(problems, code)) {
      throw new AppError('not-found');
    }
    return {
      type: problemType(code as ProblemCode),
      code: code as ProblemCode,
      ...problems[code as ProblemCode],
    };
  }
}
