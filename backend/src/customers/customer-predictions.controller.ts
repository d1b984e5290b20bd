import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../auth/decorators/current-user.decorator.js';
import { ApiProblems } from '../common/decorators/api-problems.decorator.js';
import type { AuthUser } from '../users/auth-user.js';
import {
  CustomerAccuracyDto,
  CustomerOutcomesDto,
  CustomerOutcomesResultDto,
} from './dto/customer-outcomes.dto.js';
import { CustomerPredictDto, CustomerPredictionDto } from './dto/customer-predict.dto.js';
import { toAccuracyDto } from './dto/to-accuracy-dto.js';
import { AccuracyMonitor } from './predictions/accuracy-monitor.js';
import { CustomerPredictionsService } from './predictions/customer-predictions.service.js';

@ApiTags('customers')
@ApiBearerAuth()
@ApiProblems('unauthorized', 'database-unavailable')
@Controller('customers')
export class CustomerPredictionsController {
  constructor(
    private readonly predictions: CustomerPredictionsService,
    private readonly monitor: AccuracyMonitor,
  ) {}

  /** Says which label a customer is expected to have, from given features or those of the feature store. */
  @Post('predict')
  @HttpCode(200)
  @ApiProblems('validation-failed', 'invalid-json', 'customer-not-found', 'customer-features-incomplete')
  @ApiProblems('model-not-ready')
  predict(@CurrentUser() user: AuthUser, @Body() input: CustomerPredictDto): Promise<CustomerPredictionDto> {
    return this.predictions.predict(user, input);
  }

  /** Reports what became of predictions; where the model turns out too often wrong, it is trained anew. */
  @Post('outcomes')
  @HttpCode(200)
  @ApiProblems('validation-failed', 'invalid-json')
  judge(
    @CurrentUser() user: AuthUser,
    @Body() input: CustomerOutcomesDto,
  ): Promise<CustomerOutcomesResultDto> {
    return this.predictions.judge(user, input);
  }

  /** Shows how right the label model's latest judged predictions were. */
  @Get('accuracy')
  async getAccuracy(): Promise<CustomerAccuracyDto> {
    return toAccuracyDto(await this.monitor.readAccuracy());
  }
}
