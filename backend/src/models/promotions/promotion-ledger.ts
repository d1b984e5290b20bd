import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { PageQueryDto } from '../../common/crud/page.dto.js';
import { ModelPromotion } from './entities/model-promotion.entity.js';

/** What a record says; its number and times are the ledger's. */
type PromotionEntry = Omit<
  ModelPromotion,
  'id' | 'modelName' | 'alias' | 'sequence' | 'createdAt' | 'updatedAt'
> & { id?: string };

/** The records of one alias, while nobody else writes them. */
export interface AliasLedger {
  last(): Promise<ModelPromotion | null>;
  has(id: string): Promise<boolean>;
  append(entry: PromotionEntry): Promise<ModelPromotion>;
}

/** Who moved which alias: only ever appended to. */
@Injectable()
export class PromotionLedger {
  constructor(@InjectRepository(ModelPromotion) private readonly promotions: Repository<ModelPromotion>) {}

  /** Newest first, with the number of all. */
  findPage(
    modelName: string,
    alias: string | undefined,
    { offset, limit }: PageQueryDto,
  ): Promise<[ModelPromotion[], number]> {
    return this.promotions.findAndCount({
      where: { modelName, ...(alias === undefined ? {} : { alias }) },
      order: { createdAt: 'DESC', sequence: 'DESC' },
      skip: offset,
      take: limit,
    });
  }

  /** The last record of each alias of a model. */
  findLast(modelName: string): Promise<ModelPromotion[]> {
    return this.promotions
      .createQueryBuilder('promotion')
      .distinctOn(['promotion.alias'])
      .where({ modelName })
      .orderBy('promotion.alias')
      .addOrderBy('promotion.sequence', 'DESC')
      .getMany();
  }

  /** Runs `fn` while no other process moves or records the alias; what it appended is kept where it succeeds. */
  exclusively<T>(modelName: string, alias: string, fn: (ledger: AliasLedger) => Promise<T>): Promise<T> {
    return this.promotions.manager.transaction(async (manager) => {
      // Held until the transaction ends. The name has no comma, so that two pairs never share a key by accident.
      const key = `model_promotions,${modelName},${alias}`;
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [key]);
      return fn(new LockedLedger(manager.getRepository(ModelPromotion), modelName, alias));
    });
  }
}

class LockedLedger implements AliasLedger {
  constructor(
    private readonly promotions: Repository<ModelPromotion>,
    private readonly modelName: string,
    private readonly alias: string,
  ) {}

  last(): Promise<ModelPromotion | null> {
    const { modelName, alias } = this;
    return this.promotions.findOne({ where: { modelName, alias }, order: { sequence: 'DESC' } });
  }

  has(id: string): Promise<boolean> {
    return this.promotions.existsBy({ id });
  }

  async append(entry: PromotionEntry): Promise<ModelPromotion> {
    const { modelName, alias } = this;
    const sequence = ((await this.last())?.sequence ?? 0) + 1;
    const record = this.promotions.create({ ...entry, modelName, alias, sequence });
    await this.promotions.insert(record);
    return this.promotions.findOneByOrFail({ id: record.id });
  }
}
