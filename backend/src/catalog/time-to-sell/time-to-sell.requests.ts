import { Injectable } from '@nestjs/common';
import { AppError } from '../../common/errors/app.error.js';
import type { ProblemDto } from '../../common/errors/problem.dto.js';
import { AppConfig } from '../../config/app-config.js';
import type { AuthUser } from '../../users/auth-user.js';
import { answerProblem, readItem, readItems } from './answer-each.js';
import { OutcomeInputDto, type OutcomeDto } from './dto/outcome.dto.js';
import type { SalePredictionDto } from './dto/sale-prediction.dto.js';
import { OutcomesService } from './outcomes/outcomes.service.js';
import { SalePredictionsService } from './predictions/sale-predictions.service.js';
import { readSaleQuery, type SaleQuery } from './predictions/sale-query.js';

/** Who asks, and the request's name in problem documents. */
export interface Caller {
  user: AuthUser;
  traceId: string;
}

type Each<T> = (T | ProblemDto)[];

/** Requests that hold one thing or a list: a list is answered item by item, in order. */
@Injectable()
export class TimeToSellRequests {
  constructor(
    private readonly config: AppConfig,
    private readonly predictions: SalePredictionsService,
    private readonly outcomes: OutcomesService,
  ) {}

  /**
   * Answers one question, or each of a list.
   *
   * @throws AppError for a question alone, or for the list as a whole
   */
  async predict(body: unknown, caller: Caller): Promise<SalePredictionDto | Each<SalePredictionDto>> {
    if (Array.isArray(body)) return this.predictEach(body, caller);
    const [answer] = await this.predictions.predict([readSaleQuery(body)], caller.user.id);
    if (answer instanceof AppError) throw answer;
    return answer!;
  }

  /**
   * Takes one outcome in, or each of a list.
   *
   * @throws AppError for an outcome alone, or for the list as a whole
   */
  async report(body: unknown, { user, traceId }: Caller): Promise<OutcomeDto | Each<OutcomeDto>> {
    const report = async (item: unknown) => this.outcomes.report(user, await readItem(OutcomeInputDto, item));
    if (!Array.isArray(body)) return report(body);
    const results: Each<OutcomeDto> = [];
    for (const item of readItems(body, this.config.timeToSell.batchMaxItems)) {
      results.push(await report(item).catch((error: unknown) => answerProblem(error, traceId)));
    }
    return results;
  }

  private async predictEach(
    body: readonly unknown[],
    { user, traceId }: Caller,
  ): Promise<Each<SalePredictionDto>> {
    const items = readItems(body, this.config.timeToSell.batchMaxItems);
    const queries = items.map((item) => tryRead(item));
    const good = queries.filter((query): query is SaleQuery => !(query instanceof AppError));
    const answers = await this.predictions.predict(good, user.id);
    let next = 0;
    return queries.map((query) => {
      const answer = query instanceof AppError ? query : answers[next++]!;
      return answer instanceof AppError ? answerProblem(answer, traceId) : answer;
    });
  }
}

function tryRead(item: unknown): SaleQuery | AppError {
  try {
    return readSaleQuery(item);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}
