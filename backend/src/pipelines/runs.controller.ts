import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { AdminOnly } from '../auth/decorators/admin-only.decorator.js';
import { CurrentUser } from '../auth/decorators/current-user.decorator.js';
import { buildPage } from '../common/crud/page.dto.js';
import { ApiProblems } from '../common/decorators/api-problems.decorator.js';
import { UuidParamPipe } from '../common/errors/uuid-param.pipe.js';
import type { AuthUser } from '../users/auth-user.js';
import { LogQueryDto, RetryRunDto, RunQueryDto } from './dto/pipeline-input.dto.js';
import {
  PipelineLogLineDto,
  PipelineRunDetailDto,
  PipelineRunDto,
  PipelineRunPageDto,
  toLogLineDto,
  toRunDto,
  toStepDto,
} from './dto/run.dto.js';
import { RunsService } from './runs.service.js';

@ApiTags('pipelines')
@ApiBearerAuth()
@ApiProblems('unauthorized', 'database-unavailable', 'validation-failed')
@Controller('pipelines/runs')
export class RunsController {
  constructor(private readonly runs: RunsService) {}

  /** Lists runs, newest first. */
  @Get()
  async listPipelineRuns(@Query() query: RunQueryDto): Promise<PipelineRunPageDto> {
    return buildPage(await this.runs.listRuns(query), query, toRunDto);
  }

  /** Shows a run with its steps. */
  @Get(':runId')
  @ApiProblems('pipeline-run-not-found')
  async getPipelineRun(@Param('runId', UuidParamPipe) runId: string): Promise<PipelineRunDetailDto> {
    const run = await this.runs.getRun(runId);
    const steps = await this.runs.getSteps(run);
    return { ...toRunDto(run), steps: steps.map(({ step, dependsOn }) => toStepDto(step, dependsOn)) };
  }

  /** Lists lines of a step's log, oldest first. */
  @Get(':runId/steps/:step/logs')
  @ApiProblems('pipeline-run-not-found')
  async listPipelineLogs(
    @Param('runId', UuidParamPipe) runId: string,
    @Param('step') step: string,
    @Query() { after, limit }: LogQueryDto,
  ): Promise<PipelineLogLineDto[]> {
    return (await this.runs.getLogs(runId, step, { afterId: after, limit })).map(toLogLineDto);
  }

  /** Starts an ended run again from where it failed, or from a step that is named. */
  @Post(':runId/retry')
  @AdminOnly()
  @HttpCode(202)
  @ApiProblems('forbidden', 'pipeline-run-not-found', 'pipeline-run-state', 'pipelines-unavailable')
  async retryPipelineRun(
    @Param('runId', UuidParamPipe) runId: string,
    @Body() input: RetryRunDto,
  ): Promise<PipelineRunDto> {
    return toRunDto(await this.runs.retryRun(runId, input));
  }

  /** Ends a run: what it is doing is stopped and rolled back. */
  @Post(':runId/cancel')
  @AdminOnly()
  @HttpCode(200)
  @ApiProblems('forbidden', 'pipeline-run-not-found', 'pipeline-run-state')
  async cancelPipelineRun(
    @CurrentUser() user: AuthUser,
    @Param('runId', UuidParamPipe) runId: string,
  ): Promise<PipelineRunDto> {
    return toRunDto(await this.runs.cancelRun(user, runId));
  }
}
