import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../auth/decorators/current-user.decorator.js';
import { buildPage, PageQueryDto } from '../common/crud/page.dto.js';
import { ApiProblems } from '../common/decorators/api-problems.decorator.js';
import { UuidParamPipe } from '../common/errors/uuid-param.pipe.js';
import type { AuthUser } from '../users/auth-user.js';
import { CreateFeedbackDto, UpdateFeedbackDto } from './dto/feedback-input.dto.js';
import { ModelAccuracyDto } from './dto/feedback-stats.dto.js';
import { FeedbackDto, FeedbackPageDto, toFeedbackDto } from './dto/feedback.dto.js';
import { FeedbackService } from './feedback.service.js';

@ApiTags('feedback')
@ApiBearerAuth()
@ApiProblems('unauthorized', 'database-unavailable')
@Controller('feedback')
export class FeedbackController {
  constructor(private readonly feedback: FeedbackService) {}

  /** Says which category a prediction, or a product, really belongs to. */
  @Post()
  @ApiProblems('validation-failed', 'category-unknown', 'feedback-exists')
  @ApiProblems(
    'prediction-not-found',
    'model-version-not-found',
    'model-not-loadable',
    'registry-unavailable',
  )
  async createFeedback(
    @CurrentUser() user: AuthUser,
    @Body() input: CreateFeedbackDto,
  ): Promise<FeedbackDto> {
    return toFeedbackDto(await this.feedback.createFeedback(user, input));
  }

  /** Lists one's own feedback, newest first; administrators list everyone's. */
  @Get()
  @ApiProblems('validation-failed')
  async listFeedback(@CurrentUser() user: AuthUser, @Query() query: PageQueryDto): Promise<FeedbackPageDto> {
    return buildPage(await this.feedback.listFeedback(user, query), query, toFeedbackDto);
  }

  /** Shows how often each model version was right, as far as users said. */
  @Get('stats')
  getFeedbackStats(): Promise<ModelAccuracyDto[]> {
    return this.feedback.getStats();
  }

  /** Shows one's own feedback. */
  @Get(':id')
  @ApiProblems('feedback-not-found', 'validation-failed')
  async getFeedback(
    @CurrentUser() user: AuthUser,
    @Param('id', UuidParamPipe) id: string,
  ): Promise<FeedbackDto> {
    return toFeedbackDto(await this.feedback.getFeedback(user, id));
  }

  /** Corrects one's own feedback. */
  @Patch(':id')
  @ApiProblems('feedback-not-found', 'category-unknown', 'validation-failed', 'registry-unavailable')
  async patchFeedback(
    @CurrentUser() user: AuthUser,
    @Param('id', UuidParamPipe) id: string,
    @Body() changes: UpdateFeedbackDto,
  ): Promise<FeedbackDto> {
    return toFeedbackDto(await this.feedback.updateFeedback(user, id, changes));
  }

  /** Corrects one's own feedback, as `PATCH` does. */
  @Put(':id')
  @ApiProblems('feedback-not-found', 'category-unknown', 'validation-failed', 'registry-unavailable')
  async putFeedback(
    @CurrentUser() user: AuthUser,
    @Param('id', UuidParamPipe) id: string,
    @Body() changes: UpdateFeedbackDto,
  ): Promise<FeedbackDto> {
    return toFeedbackDto(await this.feedback.updateFeedback(user, id, changes));
  }

  /** Takes one's own feedback back. */
  @Delete(':id')
  @HttpCode(204)
  @ApiProblems('feedback-not-found', 'validation-failed')
  async deleteFeedback(@CurrentUser() user: AuthUser, @Param('id', UuidParamPipe) id: string): Promise<void> {
    await this.feedback.deleteFeedback(user, id);
  }
}
