import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { FastifyInstance } from 'fastify';
import { ModelsModule } from '../models/models.module.js';
import { BatchPredictionsService } from './batch/batch-predictions.service.js';
import { NDJSON_MEDIA_TYPE } from './batch/batch-request.js';
import { Classifier } from './classifier.js';
import { Prediction } from './entities/prediction.entity.js';
import { ImageAdmission } from './image-admission.js';
import { PredictRequestPipe } from './input/predict-request.pipe.js';
import { PredictionsController } from './predictions.controller.js';
import { PredictionsService } from './predictions.service.js';
import { PredictionWriter } from './store/prediction-writer.js';

/** Categories of products from text, image or both; what was asked and answered is kept. */
@Module({
  imports: [ModelsModule, TypeOrmModule.forFeature([Prediction])],
  controllers: [PredictionsController],
  providers: [
    PredictionsService,
    BatchPredictionsService,
    Classifier,
    ImageAdmission,
    PredictionWriter,
    PredictRequestPipe,
  ],
  exports: [PredictionsService],
})
export class PredictionsModule implements OnModuleInit {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  /** Lines are parsed one by one later: a broken one is the fault of its item alone. */
  onModuleInit(): void {
    const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    fastify.addContentTypeParser(NDJSON_MEDIA_TYPE, { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );
  }
}
