import type { FastifyReply } from 'fastify';
import type { TrainingJobDto } from '../dto/training.dto.js';

/** 202 with the place to follow a training that goes on, 200 for one that has ended. */
export function presentTraining(reply: FastifyReply, job: TrainingJobDto, hasEnded: boolean): TrainingJobDto {
  void reply.status(hasEnded ? 200 : 202).header('location', `/api/v1/time-to-sell/jobs/${job.id}`);
  return job;
}
