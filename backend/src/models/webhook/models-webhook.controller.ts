import { Body, Controller, Headers, HttpCode, Post, Req } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../../auth/decorators/public.decorator.js';
import { ApiProblems } from '../../common/decorators/api-problems.decorator.js';
import { ModelsWebhookService } from './models-webhook.service.js';
import { KeepsRawBody, RawBodies } from './raw-bodies.js';

@ApiTags('models')
@Controller('models')
export class ModelsWebhookController {
  constructor(
    private readonly webhook: ModelsWebhookService,
    private readonly rawBodies: RawBodies,
  ) {}

  /** Takes the signed webhooks of the MLflow server: an alias that moved is followed at once. */
  @Post('webhook')
  @HttpCode(202)
  @Public()
  @KeepsRawBody()
  @ApiHeader({ name: 'X-MLflow-Delivery-Id', required: true })
  @ApiHeader({ name: 'X-MLflow-Timestamp', required: true, description: 'Seconds since 1970.' })
  @ApiHeader({
    name: 'X-MLflow-Signature',
    required: true,
    description: '`v1,` and the HMAC-SHA256 in base64.',
  })
  @ApiProblems('unauthorized', 'not-found')
  takeModelWebhook(
    @Req() request: FastifyRequest,
    @Headers() headers: Record<string, string | undefined>,
    @Body() payload: object,
  ): void {
    const delivery = {
      id: headers['x-mlflow-delivery-id'] ?? '',
      timestamp: headers['x-mlflow-timestamp'] ?? '',
      signature: headers['x-mlflow-signature'] ?? '',
      body: this.rawBodies.get(request),
    };
    this.webhook.take(delivery, payload);
  }
}
