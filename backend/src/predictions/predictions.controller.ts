import { Body, Controller, HttpCode, Post, Req, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../auth/decorators/current-user.decorator.js';
import { AcceptsBody } from '../common/decorators/accepts-body.decorator.js';
import { ApiProblems } from '../common/decorators/api-problems.decorator.js';
import type { ProblemDto } from '../common/errors/problem.dto.js';
import type { AuthUser } from '../users/auth-user.js';
import { BatchPredictionsService } from './batch/batch-predictions.service.js';
import { NDJSON_MEDIA_TYPE } from './batch/batch-request.js';
import { PredictionDto } from './dto/prediction.dto.js';
import { ProductOfRequest } from './input/predict-request.pipe.js';
import type { ProductQuery } from './input/product-query.js';
import { ApiPredictBatch, ApiPredictRequest } from './predictions.docs.js';
import { PredictionsService } from './predictions.service.js';

@ApiTags('predict')
@ApiBearerAuth()
@ApiProblems(
  'unauthorized',
  'bad-request',
  'invalid-json',
  'payload-too-large',
  'unsupported-media-type',
  'validation-failed',
  'overloaded',
)
@Controller('predict')
export class PredictionsController {
  constructor(
    private readonly predictions: PredictionsService,
    private readonly batches: BatchPredictionsService,
  ) {}

  /** Says which category a product belongs to, from its text, its image, or both. */
  @Post()
  @HttpCode(200)
  @AcceptsBody({ types: ['application/json', 'multipart/form-data'], limit: 'image' })
  @ApiPredictRequest()
  @ApiProblems('input-empty', 'image-invalid', 'image-unsupported', 'image-too-large')
  @ApiProblems('model-not-ready', 'database-unavailable')
  predict(@ProductOfRequest() query: ProductQuery, @CurrentUser() user: AuthUser): Promise<PredictionDto> {
    return this.predictions.predict(query, user.id);
  }

  /** Answers for many products at once, each for itself and in order. */
  @Post('batch')
  @HttpCode(200)
  @AcceptsBody({ types: ['application/json', NDJSON_MEDIA_TYPE], limit: 'batch' })
  @ApiPredictBatch()
  @ApiProblems('batch-empty', 'batch-too-large')
  predictBatch(
    @Body() body: unknown,
    @CurrentUser() user: AuthUser,
    @Req() { id: traceId }: { id: string },
  ): Promise<(PredictionDto | ProblemDto)[] | StreamableFile> {
    return this.batches.predictBatch(body, { userId: user.id, traceId });
  }
}
