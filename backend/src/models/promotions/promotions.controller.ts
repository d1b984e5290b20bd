import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { AdminOnly } from '../../auth/decorators/admin-only.decorator.js';
import { CurrentUser } from '../../auth/decorators/current-user.decorator.js';
import { buildPage } from '../../common/crud/page.dto.js';
import { ApiProblems } from '../../common/decorators/api-problems.decorator.js';
import type { AuthUser } from '../../users/auth-user.js';
import { ModelsService } from '../models.service.js';
import { PromoteDto, RollbackDto } from './dto/promotion-input.dto.js';
import {
  HistoryQueryDto,
  PromotionPageDto,
  PromotionResultDto,
  toPromotionDto,
} from './dto/promotion.dto.js';
import type { ModelPromotion } from './entities/model-promotion.entity.js';
import { PromotionsService } from './promotions.service.js';

@ApiTags('models')
@ApiBearerAuth()
@ApiProblems('unauthorized', 'validation-failed', 'model-not-found', 'database-unavailable')
@Controller('models/:name')
export class PromotionsController {
  constructor(
    private readonly promotions: PromotionsService,
    private readonly models: ModelsService,
  ) {}

  /**
   * Points an alias at a version, which is then served. One that is worse than the version in place on the same test
   * data is refused: weighted F1 down by more than 0.005, or log loss up by more than 5 %.
   */
  @Post('promote')
  @HttpCode(200)
  @AdminOnly()
  @ApiProblems('forbidden', 'model-version-not-found', 'promotion-refused', 'registry-unavailable')
  async promoteModel(
    @CurrentUser() user: AuthUser,
    @Param('name') name: string,
    @Body() input: PromoteDto,
  ): Promise<PromotionResultDto> {
    return this.toResult(await this.promotions.promote(user, name, input));
  }

  /** Points an alias back at the version before the last promotion, which is then served. */
  @Post('rollback')
  @HttpCode(200)
  @AdminOnly()
  @ApiProblems('forbidden', 'nothing-to-roll-back', 'registry-unavailable')
  async rollbackModel(
    @CurrentUser() user: AuthUser,
    @Param('name') name: string,
    @Body() input: RollbackDto,
  ): Promise<PromotionResultDto> {
    return this.toResult(await this.promotions.rollback(user, name, input));
  }

  /** Lists who moved the model's aliases, when and why, newest first. */
  @Get('history')
  async getModelHistory(
    @Param('name') name: string,
    @Query() query: HistoryQueryDto,
  ): Promise<PromotionPageDto> {
    return buildPage(await this.promotions.listHistory(name, query), query, toPromotionDto);
  }

  private toResult(record: ModelPromotion): PromotionResultDto {
    return { promotion: toPromotionDto(record), serving: this.models.getServing(record.modelName) };
  }
}
