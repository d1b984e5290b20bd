import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { AppError } from '../../common/errors/app.error.js';
import { AppConfig } from '../../config/app-config.js';
import { ModelHost } from '../host/model-host.js';
import { TabularHost } from '../tabular/tabular-host.js';
import { PromotionObserver } from '../promotions/promotion-observer.js';
import { isGenuine, REPLAY_WINDOW_MS, type SignedDelivery } from './signature.js';

/** Deliveries remembered, so that one that comes again has no effect. */
const MAX_DELIVERIES = 10_000;

/** Takes what the MLflow server tells of its registry. */
@Injectable()
export class ModelsWebhookService {
  private readonly taken = new LRUCache<string, true>({ max: MAX_DELIVERIES, ttl: 2 * REPLAY_WINDOW_MS });

  constructor(
    private readonly config: AppConfig,
    private readonly host: ModelHost,
    private readonly tabular: TabularHost,
    private readonly observer: PromotionObserver,
  ) {}

  /**
   * Has a served model's alias looked at where a delivery says that it moved. It does not wait for the model to load.
   *
   * @throws AppError `not-found` where no secret is configured, `unauthorized` where the signature is not good
   */
  take(delivery: SignedDelivery, payload: unknown): void {
    const { webhookSecret } = this.config.models;
    if (webhookSecret === null) throw new AppError('not-found');
    if (!isGenuine(delivery, webhookSecret, Date.now())) {
      throw new AppError('unauthorized', { detail: 'The signature is missing, wrong or too old' });
    }
    if (this.taken.has(delivery.id)) return;
    this.taken.set(delivery.id, true);
    const name = readMovedModel(payload);
    const follower = [this.host, this.tabular].find((host) => name !== null && host.follows(name));
    if (name === null || !follower) return;
    void follower.follow(name);
    void this.observer.observeQuietly(name);
  }
}

/** Name of the model whose alias an event says was set or deleted; null for any other event. */
function readMovedModel(payload: unknown): string | null {
  const { entity, data } = (payload ?? {}) as { entity?: unknown; data?: { name?: unknown } | null };
  if (entity !== 'model_version_alias' || typeof data?.name !== 'string') return null;
  return data.name;
}
