import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AppError } from '../../../common/errors/app.error.js';
import { AppConfig } from '../../../config/app-config.js';
import type { AuthUser } from '../../../users/auth-user.js';
import { ProductNotFoundError } from '../../products/products.errors.js';
import { ProductsService } from '../../products/products.service.js';
import type { SaleClass } from '../../sale-class.js';
import type { OutcomeDto, OutcomeInputDto } from '../dto/outcome.dto.js';
import { SalePredictionsService } from '../predictions/sale-predictions.service.js';
import { saleClassOf } from './sale-class-of.js';

/** Exactly one of the two. */
interface Subject {
  productId: number | null;
  predictionId: string | null;
}

interface OutcomeRow {
  id: string;
  days_to_sell: number | null;
  delai_vente: SaleClass;
  updated_at: Date;
  is_inserted: boolean;
}

/** What became of products. */
@Injectable()
export class OutcomesService {
  constructor(
    private readonly config: AppConfig,
    private readonly dataSource: DataSource,
    private readonly products: ProductsService,
    private readonly predictions: SalePredictionsService,
  ) {}

  /**
   * Takes an outcome in, and puts it into the catalogue, which the next training learns from. The same report again
   * changes nothing; another one corrects the first.
   *
   * @throws SalePredictionNotFoundError, ProductNotFoundError; AppError `validation-failed`
   */
  async report(user: AuthUser, input: OutcomeInputDto): Promise<OutcomeDto> {
    const saleClass = this.readClass(input);
    const days = input.days_to_sell ?? null;
    const subject = await this.findSubject(user, input);
    const { row, status } = await this.dataSource.transaction(async (manager) => {
      const stored = await upsert(manager, subject, days, saleClass, user.id);
      if (subject.productId !== null) await setSaleClass(manager, subject.productId, saleClass);
      return stored;
    });
    return {
      id: row.id,
      product_id: subject.productId,
      prediction_id: subject.predictionId,
      days_to_sell: row.days_to_sell,
      delai_vente: row.delai_vente,
      status,
      reported_at: row.updated_at,
    };
  }

  private readClass({ days_to_sell: days, delai_vente: given }: OutcomeInputDto): SaleClass {
    const byDays = days == null ? null : saleClassOf(days, this.config.timeToSell);
    if (given == null && byDays === null) throw invalid('#', 'must have days_to_sell or delai_vente');
    if (given != null && byDays !== null && given !== byDays) {
      throw invalid('#/delai_vente', `must be ${byDays} for ${days} days, or one of the two left out`);
    }
    return (given ?? byDays) as SaleClass;
  }

  private async findSubject(
    user: AuthUser,
    { prediction_id: predictionId, product_id: productId }: OutcomeInputDto,
  ): Promise<Subject> {
    if (predictionId != null) {
      if (productId != null) throw invalid('#/product_id', 'must be left out beside prediction_id');
      const prediction = await this.predictions.getAnswer(user, predictionId);
      return prediction.productId === null
        ? { productId: null, predictionId: prediction.id }
        : { productId: prediction.productId, predictionId: null };
    }
    if (productId == null) throw invalid('#', 'must have prediction_id or product_id');
    const known = await this.products.findProducts([productId]);
    if (!known.has(productId) && !(await this.predictions.hasPredicted(productId))) {
      throw new ProductNotFoundError(productId);
    }
    return { productId, predictionId: null };
  }
}

async function upsert(
  manager: EntityManager,
  { productId, predictionId }: Subject,
  days: number | null,
  saleClass: SaleClass,
  userId: string,
): Promise<{ row: OutcomeRow; status: OutcomeDto['status'] }> {
  const [column, value] = productId === null ? ['prediction_id', predictionId] : ['product_id', productId];
  const [row] = await manager.query<OutcomeRow[]>(
    `INSERT INTO time_to_sell_outcomes AS known (${column}, days_to_sell, delai_vente, user_id)
     VALUES ($1, $2, $3, $4)
     ON CONFLICT (${column}) DO UPDATE
     SET days_to_sell = EXCLUDED.days_to_sell, delai_vente = EXCLUDED.delai_vente, user_id = EXCLUDED.user_id,
       updated_at = clock_timestamp()
     WHERE (known.days_to_sell, known.delai_vente) IS DISTINCT FROM (EXCLUDED.days_to_sell, EXCLUDED.delai_vente)
     RETURNING *, (xmax = 0) AS is_inserted`,
    [value, days, saleClass, userId],
  );
  if (row) return { row, status: row.is_inserted ? 'created' : 'updated' };
  const [known] = await manager.query<OutcomeRow[]>(
    `SELECT * FROM time_to_sell_outcomes WHERE ${column} = $1`,
    [value],
  );
  return { row: known!, status: 'unchanged' };
}

async function setSaleClass(manager: EntityManager, productId: number, saleClass: SaleClass): Promise<void> {
  await manager.query(
    'UPDATE catalog SET delai_vente = $2 WHERE id = $1 AND delai_vente IS DISTINCT FROM $2',
    [productId, saleClass],
  );
}

function invalid(pointer: string, detail: string): AppError {
  return new AppError('validation-failed', { errors: [{ pointer, detail }] });
}
