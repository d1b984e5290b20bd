import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { TabularRow } from '@vitrine/inference';
import { Repository } from 'typeorm';
import { AppError } from '../../../common/errors/app.error.js';
import { toStorableText } from '../../../common/store/storable-text.js';
import { uuidV7 } from '../../../common/store/uuid-v7.js';
import type { AuthUser } from '../../../users/auth-user.js';
import type { Product } from '../../products/entities/product.entity.js';
import { ProductNotFoundError } from '../../products/products.errors.js';
import { ProductsService } from '../../products/products.service.js';
import { ArmSelectorRegistry, type ArmAssignment } from '../arm-selector.js';
import { TimeToSellPrediction } from '../entities/time-to-sell-prediction.entity.js';
import { SnapshotAsker, type SnapshotAnswer } from '../snapshots/snapshot-asker.js';
import type { SalePredictionDto } from '../dto/sale-prediction.dto.js';
import { SalePredictionNotFoundError } from '../time-to-sell.errors.js';
import type { SaleQuery } from './sale-query.js';
import { SalePredictionWriter, type StorablePrediction } from './sale-prediction-writer.js';
import { ShadowPredictions } from './shadow-predictions.js';

/** Questions that are answered and stored together. */
const CHUNK_QUESTIONS = 64;

/** A question with everything to answer it. */
interface Question {
  productId: number | null;
  row: TabularRow;
  assignment: ArmAssignment | null;
}

interface Answer {
  record: StorablePrediction;
  dto: SalePredictionDto;
}

/** How fast products will sell; every answer is stored before it is given. */
@Injectable()
export class SalePredictionsService {
  private readonly logger = new Logger(SalePredictionsService.name);

  constructor(
    private readonly products: ProductsService,
    private readonly arms: ArmSelectorRegistry,
    private readonly asker: SnapshotAsker,
    private readonly writer: SalePredictionWriter,
    private readonly shadows: ShadowPredictions,
    @InjectRepository(TimeToSellPrediction) private readonly stored: Repository<TimeToSellPrediction>,
  ) {}

  /**
   * Answers questions, in order; one about a product that the catalogue does not have is answered by its error.
   *
   * @throws TimeToSellNotReadyError, OverloadedError; otherwise what the database throws
   */
  async predict(queries: readonly SaleQuery[], userId: string): Promise<(SalePredictionDto | AppError)[]> {
    const rows = await this.findRows(queries);
    const known = queries.flatMap(({ productId }, i) => {
      const row = rows[i];
      return row ? [{ productId, row }] : [];
    });
    const questions = await this.assign(known);
    const answers: SalePredictionDto[] = [];
    for (let start = 0; start < questions.length; start += CHUNK_QUESTIONS) {
      answers.push(...(await this.answer(questions.slice(start, start + CHUNK_QUESTIONS), userId)));
    }
    let next = 0;
    return queries.map(({ productId }, i) =>
      rows[i] ? answers[next++]! : new ProductNotFoundError(productId ?? undefined),
    );
  }

  /**
   * A prediction that was answered; administrators see those of everyone.
   *
   * @throws SalePredictionNotFoundError where there is none that this user may see
   */
  async getAnswer(user: AuthUser, id: string): Promise<TimeToSellPrediction> {
    const prediction = await this.stored.findOneBy({
      id,
      role: 'answer',
      ...(user.isAdmin ? {} : { userId: user.id }),
    });
    if (!prediction) throw new SalePredictionNotFoundError();
    return prediction;
  }

  /** Whether anything was ever predicted of a product. */
  hasPredicted(productId: number): Promise<boolean> {
    return this.stored.existsBy({ productId });
  }

  /** What each question is answered from; null where the catalogue has no such product. */
  private async findRows(queries: readonly SaleQuery[]): Promise<(TabularRow | null)[]> {
    const ids = queries.filter(({ row }) => row === null).map(({ productId }) => productId as number);
    const products = await this.products.findProducts(ids);
    return queries.map(({ productId, row }) => {
      if (row) return row;
      const product = products.get(productId as number);
      return product ? toRow(product) : null;
    });
  }

  /** Products without an id take part in no experiment. */
  private async assign(known: readonly { productId: number | null; row: TabularRow }[]): Promise<Question[]> {
    const ids = known.flatMap(({ productId }) => (productId === null ? [] : [productId]));
    const assignments = await this.arms.assign(ids).catch((error: unknown) => {
      this.logger.error({ msg: 'Products were not assigned: production answers', err: error });
      return ids.map(() => null);
    });
    let next = 0;
    return known.map(({ productId, row }) => ({
      productId,
      row,
      assignment: productId === null ? null : assignments[next++]!,
    }));
  }

  private async answer(questions: readonly Question[], userId: string): Promise<SalePredictionDto[]> {
    const answers = new Array<Answer>(questions.length);
    for (const [snapshotId, indices] of groupByArm(questions)) {
      const rows = indices.map((i) => questions[i]!.row);
      const answered = await this.ask(snapshotId, rows);
      for (const [place, i] of indices.entries()) {
        answers[i] = buildAnswer(questions[i]!, answered, place, userId);
      }
    }
    await Promise.all(answers.map(({ record }) => this.writer.write(record)));
    await this.shadows.add(
      questions.flatMap(({ assignment, row }, i) =>
        (assignment?.shadows ?? []).map((arm) => ({ arm, row, answer: answers[i]!.record })),
      ),
    );
    return answers.map(({ dto }) => dto);
  }

  /** Production answers where an arm's snapshot cannot, whatever the reason is. */
  private async ask(snapshotId: string | null, rows: readonly TabularRow[]): Promise<SnapshotAnswer> {
    if (snapshotId === null) return this.asker.askProduction(rows);
    try {
      return await this.asker.askSnapshot(snapshotId, rows);
    } catch (error) {
      this.logger.warn({ msg: `Snapshot ${snapshotId} failed: production answers`, err: error });
      const fallbackReason = error instanceof AppError ? error.code : 'internal-error';
      return { ...(await this.asker.askProduction(rows)), fallbackReason };
    }
  }
}

/** Places of the questions by the snapshot that is to answer them; null is production. */
function groupByArm(questions: readonly Question[]): Map<string | null, number[]> {
  const groups = new Map<string | null, number[]>();
  for (const [i, { assignment }] of questions.entries()) {
    const snapshotId = assignment?.arm?.snapshotId ?? null;
    const places = groups.get(snapshotId);
    if (places) places.push(i);
    else groups.set(snapshotId, [i]);
  }
  return groups;
}

function buildAnswer(
  { productId, row, assignment }: Question,
  { snapshot, probabilities, fallbackReason }: SnapshotAnswer,
  place: number,
  userId: string,
): Answer {
  const now = Date.now();
  const answer = probabilities[place]!;
  const record: StorablePrediction = {
    id: uuidV7(now),
    createdAt: new Date(now),
    userId,
    productId,
    input: JSON.stringify(row, (_name, value: unknown) =>
      typeof value === 'string' ? toStorableText(value) : value,
    ),
    probabilities: answer,
    snapshotId: snapshot.id,
    role: 'answer',
    answerId: null,
    experimentId: assignment?.experimentId ?? null,
    armId: assignment?.arm?.armId ?? null,
    fallbackReason,
  };
  const { modelName: name, modelVersion: version } = snapshot;
  const dto: SalePredictionDto = {
    '0': answer[0],
    '1': answer[1],
    '2': answer[2],
    snapshot_id: snapshot.id,
    model: { name, version },
    prediction_id: record.id,
    product_id: productId,
  };
  return { record, dto };
}

/** What a model may read of a product: not its number, nor what is to be told. */
function toRow(product: Product): TabularRow {
  const { id: _id, delai_vente: _saleClass, ...row } = product;
  return row;
}
