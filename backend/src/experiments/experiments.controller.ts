import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { AdminOnly } from '../auth/decorators/admin-only.decorator.js';
import { CurrentUser } from '../auth/decorators/current-user.decorator.js';
import { buildPage, PageQueryDto } from '../common/crud/page.dto.js';
import { ApiProblems } from '../common/decorators/api-problems.decorator.js';
import { UuidParamPipe } from '../common/errors/uuid-param.pipe.js';
import type { AuthUser } from '../users/auth-user.js';
import {
  CreateExperimentDto,
  PromoteWinnerDto,
  RampDto,
  UpdateExperimentDto,
} from './dto/experiment-input.dto.js';
import {
  ExperimentResultsDto,
  toResultsDto,
  toWinnerPromotionDto,
  WinnerPromotionDto,
} from './dto/experiment-results.dto.js';
import { ExperimentDto, ExperimentPageDto, toExperimentDto } from './dto/experiment.dto.js';
import { ExperimentsService } from './experiments.service.js';
import { ExperimentResultsService } from './results/experiment-results.service.js';
import { WinnerService } from './results/winner.service.js';

@ApiTags('experiments')
@ApiBearerAuth()
@ApiProblems('unauthorized', 'forbidden', 'validation-failed', 'database-unavailable')
@AdminOnly()
@Controller('experiments')
export class ExperimentsController {
  constructor(
    private readonly experiments: ExperimentsService,
    private readonly results: ExperimentResultsService,
    private readonly winners: WinnerService,
  ) {}

  /** Puts an experiment together: two or more snapshots with weights, or as shadows. It starts when it is told to. */
  @Post()
  async createExperiment(
    @CurrentUser() user: AuthUser,
    @Body() input: CreateExperimentDto,
  ): Promise<ExperimentDto> {
    return toExperimentDto(await this.experiments.createExperiment(user, input));
  }

  /** Lists experiments, newest first. */
  @Get()
  async listExperiments(@Query() query: PageQueryDto): Promise<ExperimentPageDto> {
    return buildPage(await this.experiments.listExperiments(query), query, toExperimentDto);
  }

  /** Shows an experiment. */
  @Get(':id')
  @ApiProblems('experiment-not-found')
  async getExperiment(@Param('id', UuidParamPipe) id: string): Promise<ExperimentDto> {
    return toExperimentDto(await this.experiments.getExperiment(id));
  }

  /** Changes an experiment that has not started. */
  @Patch(':id')
  @ApiProblems('experiment-not-found', 'experiment-status')
  async updateExperiment(
    @Param('id', UuidParamPipe) id: string,
    @Body() input: UpdateExperimentDto,
  ): Promise<ExperimentDto> {
    return toExperimentDto(await this.experiments.updateExperiment(id, input));
  }

  /** Removes an experiment that does not run, with its results; the predictions stay. */
  @Delete(':id')
  @HttpCode(204)
  @ApiProblems('experiment-not-found', 'experiment-status')
  async deleteExperiment(@Param('id', UuidParamPipe) id: string): Promise<void> {
    await this.experiments.deleteExperiment(id);
  }

  /** Starts an experiment: from now on its arms answer for the products in it. One of a model runs at a time. */
  @Post(':id/start')
  @HttpCode(200)
  @ApiProblems('experiment-not-found', 'experiment-status', 'experiment-running')
  async startExperiment(@Param('id', UuidParamPipe) id: string): Promise<ExperimentDto> {
    return toExperimentDto(await this.experiments.startExperiment(id));
  }

  /** Stops an experiment for good: production answers again, and the results remain. */
  @Post(':id/stop')
  @HttpCode(200)
  @ApiProblems('experiment-not-found', 'experiment-status')
  async stopExperiment(@Param('id', UuidParamPipe) id: string): Promise<ExperimentDto> {
    return toExperimentDto(await this.experiments.stopExperiment(id));
  }

  /** Sets the share of products in the experiment. When it rises, products that are in stay in, in the same arm. */
  @Post(':id/ramp')
  @HttpCode(200)
  @ApiProblems('experiment-not-found', 'experiment-status')
  async setRamp(@Param('id', UuidParamPipe) id: string, @Body() input: RampDto): Promise<ExperimentDto> {
    return toExperimentDto(await this.experiments.setRamp(id, input.ramp_percent));
  }

  /** Shows the results so far. Looking every day, and stopping at the first winner, keeps the stated error. */
  @Get(':id/results')
  @ApiProblems('experiment-not-found')
  async getExperimentResults(@Param('id', UuidParamPipe) id: string): Promise<ExperimentResultsDto> {
    return toResultsDto(await this.results.getResults(id));
  }

  /**
   * Promotes the winner's model version, which then serves, and stops the experiment. Where the version in production is
   * one of the arms, the experiment's verdict overrules the promotion's gate.
   */
  @Post(':id/promote-winner')
  @HttpCode(200)
  @ApiProblems('experiment-not-found', 'experiment-status', 'experiment-undecided')
  @ApiProblems('model-not-found', 'model-version-not-found', 'promotion-refused', 'registry-unavailable')
  async promoteWinner(
    @CurrentUser() user: AuthUser,
    @Param('id', UuidParamPipe) id: string,
    @Body() input: PromoteWinnerDto,
  ): Promise<WinnerPromotionDto> {
    const { experiment, promotion } = await this.winners.promoteWinner(user, id, input);
    return toWinnerPromotionDto(experiment, promotion);
  }
}
