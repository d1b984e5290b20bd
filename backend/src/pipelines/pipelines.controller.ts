import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, Res, Sse } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Observable } from 'rxjs';
import { AdminOnly } from '../auth/decorators/admin-only.decorator.js';
import { CurrentUser } from '../auth/decorators/current-user.decorator.js';
import { ApiProblems } from '../common/decorators/api-problems.decorator.js';
import type { AuthUser } from '../users/auth-user.js';
import { BackfillDto, GraphQueryDto, TriggerRunDto } from './dto/pipeline-input.dto.js';
import { PipelineDto, PipelineGraphDto, PipelineWorkerDto } from './dto/pipeline.dto.js';
import { BackfillResultDto, toRunDto, TriggeredRunDto } from './dto/run.dto.js';
import { PipelineEvents, type StreamMessage } from './events/pipeline-events.js';
import { drawGraph } from './graph/draw-graph.js';
import { PipelinesService } from './pipelines.service.js';
import { RunsService } from './runs.service.js';

@ApiTags('pipelines')
@ApiBearerAuth()
@ApiProblems('unauthorized', 'database-unavailable')
@Controller('pipelines')
export class PipelinesController {
  constructor(
    private readonly pipelines: PipelinesService,
    private readonly runs: RunsService,
    private readonly changes: PipelineEvents,
  ) {}

  /** Lists pipelines with their steps, when each runs next and how it did last. */
  @Get()
  listPipelines(): Promise<PipelineDto[]> {
    return this.pipelines.listPipelines();
  }

  /** Streams changes of runs and steps (server-sent events): `run`, `step`, `reset`, and `heartbeat` every 15 s. */
  @Sse('events')
  @ApiProduces('text/event-stream')
  @ApiProblems('overloaded')
  streamPipelineEvents(): Observable<StreamMessage> {
    return this.changes.open();
  }

  /** Lists the workers that are alive. */
  @Get('workers')
  listPipelineWorkers(): Promise<PipelineWorkerDto[]> {
    return this.pipelines.listWorkers();
  }

  /** Shows a pipeline. */
  @Get(':id')
  @ApiProblems('pipeline-not-found')
  getPipeline(@Param('id') id: string): Promise<PipelineDto> {
    return this.pipelines.getPipeline(id);
  }

  /** Shows a pipeline's graph with the states of a run, its newest where none is named. */
  @Get(':id/graph')
  @ApiProblems('pipeline-not-found', 'validation-failed')
  getPipelineGraph(@Param('id') id: string, @Query() query: GraphQueryDto): Promise<PipelineGraphDto> {
    return this.pipelines.getGraph(id, query.run_id);
  }

  /** Draws a pipeline's graph, the states of a run coloured. */
  @Get(':id/graph.svg')
  @Header('content-type', 'image/svg+xml; charset=utf-8')
  @Header('cache-control', 'no-store')
  @ApiProduces('image/svg+xml')
  @ApiOkResponse({ schema: { type: 'string' } })
  @ApiProblems('pipeline-not-found', 'validation-failed')
  async drawPipelineGraph(@Param('id') id: string, @Query() query: GraphQueryDto): Promise<string> {
    return drawGraph(await this.pipelines.getGraph(id, query.run_id));
  }

  /** Asks for a run; the same time twice is one run, and the second answer (200) says so. */
  @Post(':id/runs')
  @AdminOnly()
  @HttpCode(202)
  @ApiResponse({
    status: 202,
    type: TriggeredRunDto,
    description: 'The run is queued; `Location` is its address.',
  })
  @ApiResponse({ status: 200, type: TriggeredRunDto, description: 'There was a run for that time already.' })
  @ApiProblems(
    'forbidden',
    'pipeline-not-found',
    'pipeline-run-exists',
    'validation-failed',
    'pipelines-unavailable',
  )
  async triggerPipelineRun(
    @CurrentUser() user: AuthUser,
    @Param('id') id: string,
    @Body() input: TriggerRunDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TriggeredRunDto> {
    const { run, isNew } = await this.runs.triggerRun(user, id, input);
    void reply.status(isNew ? 202 : 200).header('location', `/api/v1/pipelines/runs/${run.id}`);
    return { ...toRunDto(run), is_new: isNew };
  }

  /** Asks for the runs of a range of intervals, 240 at most. */
  @Post(':id/backfill')
  @AdminOnly()
  @HttpCode(202)
  @ApiProblems(
    'forbidden',
    'pipeline-not-found',
    'pipeline-not-scheduled',
    'validation-failed',
    'pipelines-unavailable',
  )
  async backfillPipeline(
    @CurrentUser() user: AuthUser,
    @Param('id') id: string,
    @Body() input: BackfillDto,
  ): Promise<BackfillResultDto> {
    const runs = await this.runs.backfill(user, id, input);
    return {
      runs: runs.map(({ run, isNew }) => ({
        scheduled_for: run.scheduledFor,
        run_id: run.id,
        is_new: isNew,
      })),
    };
  }

  /** Stops a pipeline's schedule; runs that are there go on. */
  @Post(':id/pause')
  @AdminOnly()
  @HttpCode(200)
  @ApiProblems('forbidden', 'pipeline-not-found', 'pipeline-not-scheduled')
  pausePipeline(@CurrentUser() user: AuthUser, @Param('id') id: string): Promise<PipelineDto> {
    return this.pipelines.pausePipeline(user, id);
  }

  /** Goes on with a pipeline's schedule where it was. */
  @Post(':id/resume')
  @AdminOnly()
  @HttpCode(200)
  @ApiProblems('forbidden', 'pipeline-not-found', 'pipeline-not-scheduled')
  resumePipeline(@CurrentUser() user: AuthUser, @Param('id') id: string): Promise<PipelineDto> {
    return this.pipelines.resumePipeline(user, id);
  }
}
