import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ModelsModule } from '../models/models.module.js';
import { PredictionsModule } from '../predictions/predictions.module.js';
import { Feedback } from './entities/feedback.entity.js';
import { FeedbackController } from './feedback.controller.js';
import { FeedbackMetrics } from './feedback.metrics.js';
import { FeedbackRepository } from './feedback.repository.js';
import { FeedbackService } from './feedback.service.js';

/** The right category for a prediction, and accuracy per model version. */
@Module({
  imports: [TypeOrmModule.forFeature([Feedback]), ModelsModule, PredictionsModule],
  controllers: [FeedbackController],
  providers: [FeedbackService, FeedbackRepository, FeedbackMetrics],
  exports: [FeedbackService],
})
export class FeedbackModule {}
