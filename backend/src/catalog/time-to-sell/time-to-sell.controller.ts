import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AdminOnly } from '../../auth/decorators/admin-only.decorator.js';
import { CurrentUser } from '../../auth/decorators/current-user.decorator.js';
import { PageQueryDto } from '../../common/crud/page.dto.js';
import { AcceptsBody } from '../../common/decorators/accepts-body.decorator.js';
import { ApiProblems } from '../../common/decorators/api-problems.decorator.js';
import type { ProblemDto } from '../../common/errors/problem.dto.js';
import { UuidParamPipe } from '../../common/errors/uuid-param.pipe.js';
import type { AuthUser } from '../../users/auth-user.js';
import type { OutcomeDto } from './dto/outcome.dto.js';
import type { SalePredictionDto } from './dto/sale-prediction.dto.js';
import { SnapshotDto, SnapshotPageDto } from './dto/snapshot.dto.js';
import { TimeToSellStateDto } from './dto/time-to-sell-state.dto.js';
import { TrainingJobDto, TrainQueryDto } from './dto/training.dto.js';
import { ApiOutcomes, ApiSalePredictions, ApiTraining } from './time-to-sell.docs.js';
import { TimeToSellRequests } from './time-to-sell.requests.js';
import { TimeToSellService } from './time-to-sell.service.js';
import { presentTraining } from './training/present-training.js';

@ApiTags('time to sell')
@ApiBearerAuth()
@ApiProblems('unauthorized', 'database-unavailable')
@Controller('time-to-sell')
export class TimeToSellController {
  constructor(
    private readonly timeToSell: TimeToSellService,
    private readonly requests: TimeToSellRequests,
  ) {}

  /** Trains a snapshot on the catalogue; where one is being trained, answers that training. */
  @Post('train')
  @AdminOnly()
  @ApiTraining()
  @ApiProblems('forbidden', 'validation-failed', 'catalog-too-small', 'overloaded')
  @ApiProblems('training-unavailable', 'training-failed')
  async trainTimeToSell(
    @CurrentUser() user: AuthUser,
    @Query() { wait }: TrainQueryDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TrainingJobDto> {
    return presentTraining(reply, await this.timeToSell.train(user, wait), wait);
  }

  /** Shows a training. */
  @Get('jobs/:id')
  @AdminOnly()
  @ApiProblems('forbidden', 'training-job-not-found', 'validation-failed')
  getTrainingJob(@Param('id', UuidParamPipe) id: string): Promise<TrainingJobDto> {
    return this.timeToSell.getJob(id);
  }

  /** Says how fast a product will sell, or each of a list of products. */
  @Post('predict')
  @HttpCode(200)
  @AcceptsBody({ limit: 'batch' })
  @ApiSalePredictions()
  @ApiProblems('invalid-json', 'payload-too-large', 'unsupported-media-type', 'validation-failed')
  @ApiProblems('batch-empty', 'batch-too-large', 'product-not-found', 'model-not-ready', 'overloaded')
  predictTimeToSell(
    @Body() body: unknown,
    @CurrentUser() user: AuthUser,
    @Req() { id: traceId }: { id: string },
  ): Promise<SalePredictionDto | (SalePredictionDto | ProblemDto)[]> {
    return this.requests.predict(body, { user, traceId });
  }

  /** Takes in how long a product took to be sold, or each of a list of products; the same again changes nothing. */
  @Post('outcomes')
  @HttpCode(200)
  @AcceptsBody({ limit: 'batch' })
  @ApiOutcomes()
  @ApiProblems('invalid-json', 'payload-too-large', 'unsupported-media-type', 'validation-failed')
  @ApiProblems('batch-empty', 'batch-too-large', 'product-not-found', 'prediction-not-found')
  reportOutcomes(
    @Body() body: unknown,
    @CurrentUser() user: AuthUser,
    @Req() { id: traceId }: { id: string },
  ): Promise<OutcomeDto | (OutcomeDto | ProblemDto)[]> {
    return this.requests.report(body, { user, traceId });
  }

  /** Shows what answers, what is being trained, and what there is to learn from. */
  @Get('state')
  getTimeToSellState(): Promise<TimeToSellStateDto> {
    return this.timeToSell.getState();
  }

  /** Lists snapshots with their cross-validated scores, newest first. */
  @Get('snapshots')
  @ApiProblems('validation-failed')
  listSnapshots(@Query() query: PageQueryDto): Promise<SnapshotPageDto> {
    return this.timeToSell.listSnapshots(query);
  }

  /** Shows a snapshot. */
  @Get('snapshots/:id')
  @ApiProblems('snapshot-not-found', 'validation-failed')
  getSnapshot(@Param('id', UuidParamPipe) id: string): Promise<SnapshotDto> {
    return this.timeToSell.getSnapshot(id);
  }
}
