import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { PageQueryDto } from '../common/crud/page.dto.js';
import { Feedback } from './entities/feedback.entity.js';

/** Feedback of one user, or of everyone where `userId` is undefined. */
export interface FeedbackScope {
  userId?: string;
}

/** What was said about one model version. */
export interface FeedbackCounts {
  modelName: string;
  modelVersion: number;
  total: number;
  /** To how many of them the model's answer is known. */
  judged: number;
  correct: number;
}

/** Queries on feedback that deserve a name. */
@Injectable()
export class FeedbackRepository {
  constructor(@InjectRepository(Feedback) private readonly feedback: Repository<Feedback>) {}

  /** Newest first, with the number of all. */
  findPage(scope: FeedbackScope, { offset, limit }: PageQueryDto): Promise<[Feedback[], number]> {
    return this.feedback.findAndCount({
      where: { ...scope },
      order: { createdAt: 'DESC', id: 'DESC' },
      skip: offset,
      take: limit,
    });
  }

  findOne(scope: FeedbackScope, id: string): Promise<Feedback | null> {
    return this.feedback.findOneBy({ ...scope, id });
  }

  /** @throws QueryFailedError of a unique constraint where the subject was judged before */
  insert(values: Omit<Feedback, 'id' | 'createdAt' | 'updatedAt'>): Promise<Feedback> {
    return this.feedback.save(this.feedback.create(values));
  }

  save(feedback: Feedback): Promise<Feedback> {
    return this.feedback.save(feedback);
  }

  async delete(feedback: Feedback): Promise<void> {
    await this.feedback.delete({ id: feedback.id });
  }

  /** One row a model version, by name and falling version. */
  countByModelVersion(): Promise<FeedbackCounts[]> {
    return this.feedback
      .createQueryBuilder('feedback')
      .select('feedback.modelName', 'modelName')
      .addSelect('feedback.modelVersion', 'modelVersion')
      .addSelect('count(*)::integer', 'total')
      .addSelect('count(feedback.predictedCategoryId)::integer', 'judged')
      .addSelect(
        'count(*) FILTER (WHERE feedback.predictedCategoryId = feedback.realCategoryId)::integer',
        'correct',
      )
      .groupBy('feedback.modelName')
      .addGroupBy('feedback.modelVersion')
      .orderBy('feedback.modelName')
      .addOrderBy('feedback.modelVersion', 'DESC')
      .getRawMany<FeedbackCounts>();
  }
}
