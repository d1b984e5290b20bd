import { Inject, Injectable } from '@nestjs/common';
import {
  promote,
  PromotionRefusedError as GateRefusal,
  rollback,
  type AliasMove,
  type ModelStore,
} from '@vitrine/mlflow';
import { AppConfig } from '../../config/app-config.js';
import { ModelHost } from '../host/model-host.js';
import {
  isMissing,
  ModelNotFoundError,
  ModelVersionNotFoundError,
  NothingToRollBackError,
  PromotionRefusedError,
  RegistryUnavailableError,
} from '../models.errors.js';
import { TabularHost } from '../tabular/tabular-host.js';
import { askRegistry } from '../registry/ask-registry.js';
import { MODEL_STORE } from '../registry/model-store.provider.js';
import type { PromoteDto, RollbackDto } from './dto/promotion-input.dto.js';
import type { HistoryQueryDto } from './dto/promotion.dto.js';
import type { ModelPromotion } from './entities/model-promotion.entity.js';
import { PromotionLedger } from './promotion-ledger.js';
import { PromotionObserver } from './promotion-observer.js';

/** Who moves an alias: an account, or work that nobody is signed in for, which has no id. */
export interface Mover {
  id: string | null;
  email: string;
}

/** Moves aliases, and tells who moved them. */
@Injectable()
export class PromotionsService {
  constructor(
    private readonly config: AppConfig,
    @Inject(MODEL_STORE) private readonly store: ModelStore,
    private readonly host: ModelHost,
    private readonly tabular: TabularHost,
    private readonly ledger: PromotionLedger,
    private readonly observer: PromotionObserver,
  ) {}

  /**
   * Moves an alias to a version and has it served, where it is the alias that is served.
   *
   * @returns the record; the latest one where the alias was there already
   * @throws PromotionRefusedError, ModelNotFoundError, ModelVersionNotFoundError, RegistryUnavailableError
   */
  promote(user: Mover, name: string, input: PromoteDto): Promise<ModelPromotion> {
    const { version, reason, force = false } = input;
    const move = (alias: string) =>
      askRegistry(() => promote(this.store, { name, alias, version, reason, force, by: user.email })).catch(
        (error: unknown) => {
          if (error instanceof GateRefusal) throw new PromotionRefusedError(error.gate);
          throw isMissing(error) ? new ModelVersionNotFoundError({ cause: error }) : error;
        },
      );
    return this.move(user, name, { ...input, action: 'promote' }, move);
  }

  /**
   * Puts an alias back to the version before the last promotion.
   *
   * @throws NothingToRollBackError, ModelNotFoundError, RegistryUnavailableError
   */
  rollback(user: Mover, name: string, input: RollbackDto): Promise<ModelPromotion> {
    const move = (alias: string) =>
      askRegistry(() => rollback(this.store, { name, alias, reason: input.reason, by: user.email })).catch(
        (error: unknown) => {
          throw isMissing(error) ? new NothingToRollBackError({ cause: error }) : error;
        },
      );
    return this.move(user, name, { ...input, action: 'rollback' }, move);
  }

  /**
   * Moves of a model's aliases, newest first, with the number of all. What is on record is told also while the registry
   * is away, and of a model that is gone.
   *
   * @throws ModelNotFoundError
   */
  async listHistory(name: string, query: HistoryQueryDto): Promise<[ModelPromotion[], number]> {
    const exists = await this.observer.observe(name).catch((error: unknown) => {
      if (error instanceof RegistryUnavailableError) return true;
      throw error;
    });
    const page = await this.ledger.findPage(name, query.alias, query);
    if (!exists && page[1] === 0) throw new ModelNotFoundError();
    return page;
  }

  private async move(
    user: Mover,
    name: string,
    input: (PromoteDto | RollbackDto) & { action: 'promote' | 'rollback' },
    move: (alias: string) => Promise<AliasMove>,
  ): Promise<ModelPromotion> {
    const alias = input.alias ?? this.config.models.alias;
    if (!(await this.observer.observe(name))) throw new ModelNotFoundError();
    const record = await this.ledger.exclusively(name, alias, async (ledger) => {
      await this.observer.catchUp(ledger, name, alias);
      const { id, version, previous, gate } = await move(alias);
      if (id === null) return ledger.last();
      return ledger.append({
        id,
        fromVersion: previous?.version ?? null,
        toVersion: version.version,
        action: input.action,
        source: 'api',
        userId: user.id,
        movedBy: user.email,
        reason: input.reason ?? '',
        isForced: input.action === 'promote' && gate !== null && !gate.passed,
        gate,
        movedAt: new Date(),
      });
    });
    if (alias === this.config.models.alias) await this.follow(name);
    return record as ModelPromotion;
  }

  private async follow(name: string): Promise<void> {
    await Promise.all([this.host.follow(name), this.tabular.follow(name)]);
  }
}
