import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { readPromotionNote, type ModelStore, type ModelVersion } from '@vitrine/mlflow';
import { isUUID } from 'class-validator';
import { ModelHost } from '../host/model-host.js';
import { TabularHost } from '../tabular/tabular-host.js';
import { isMissing } from '../models.errors.js';
import { askRegistry } from '../registry/ask-registry.js';
import { MODEL_STORE } from '../registry/model-store.provider.js';
import type { ModelPromotion } from './entities/model-promotion.entity.js';
import { PromotionLedger, type AliasLedger } from './promotion-ledger.js';

/** Notices moves that were made in the registry itself, and records each one once however many processes notice it. */
@Injectable()
export class PromotionObserver implements OnModuleInit {
  private readonly logger = new Logger(PromotionObserver.name);
  private inFlight: Promise<void> | null = null;

  constructor(
    @Inject(MODEL_STORE) private readonly store: ModelStore,
    private readonly host: ModelHost,
    private readonly tabular: TabularHost,
    private readonly ledger: PromotionLedger,
  ) {}

  onModuleInit(): void {
    this.host.onRefresh(() => (this.inFlight ??= this.observeServed().finally(() => (this.inFlight = null))));
  }

  /**
   * Compares a model's aliases with the ledger and records what moved. Costs one question to the registry
   * and one to the database where nothing has.
   *
   * @returns whether there is such a model
   * @throws RegistryUnavailableError, or what the database says
   */
  async observe(name: string): Promise<boolean> {
    const model = await askRegistry(() => this.store.findModel(name)).catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw error;
    });
    if (!model) return false;
    const aliases = new Map(Object.entries(model.aliases));
    const recorded = new Map((await this.ledger.findLast(name)).map((last) => [last.alias, last.toVersion]));
    for (const alias of new Set([...aliases.keys(), ...recorded.keys()])) {
      if ((aliases.get(alias) ?? null) === (recorded.get(alias) ?? null)) continue;
      await this.ledger.exclusively(name, alias, (ledger) => this.catchUp(ledger, name, alias));
    }
    return true;
  }

  /** As `observe`, but it never rejects: serving goes on, and the next refresh looks again. */
  async observeQuietly(name: string): Promise<void> {
    try {
      await this.observe(name);
    } catch (error) {
      this.logger.debug(`The aliases of ${name} cannot be compared with their history: ${String(error)}`);
    }
  }

  /** Records where an alias is now, unless the last record says so; call it with the alias's ledger locked. */
  async catchUp(ledger: AliasLedger, name: string, alias: string): Promise<void> {
    const [version, last] = await Promise.all([
      askRegistry(() => this.store.findVersionByAlias(name, alias)),
      ledger.last(),
    ]);
    if ((version?.version ?? null) === (last?.toVersion ?? null)) return;
    const note = version && (await this.findNote(ledger, version, alias, last));
    await ledger.append({
      ...(note ? { id: note.id } : {}),
      fromVersion: last ? last.toVersion : (note?.from ?? null),
      toVersion: version?.version ?? null,
      action: version ? (note?.action ?? 'move') : 'remove',
      source: 'direct',
      userId: null,
      movedBy: note?.by ?? '',
      reason: note?.reason ?? '',
      isForced: false,
      gate: null,
      movedAt: parseDate(note?.at) ?? new Date(),
    });
    this.logger.log(`${name}@${alias} was moved to version ${version?.version ?? 'none'} in the registry`);
  }

  /** What whoever moved it noted with the version: only a note of this move, and not of an earlier one to it. */
  private async findNote(
    ledger: AliasLedger,
    version: ModelVersion,
    alias: string,
    last: ModelPromotion | null,
  ) {
    const note = readPromotionNote(version.tags, alias);
    if (!note || !isUUID(note.id) || (await ledger.has(note.id))) return null;
    return last && last.toVersion !== note.from ? null : note;
  }

  private async observeServed(): Promise<void> {
    const names = new Set([...this.host.status(), ...this.tabular.status()].map(({ name }) => name));
    await Promise.all([...names].map((name) => this.observeQuietly(name)));
  }
}

function parseDate(text: string | undefined): Date | null {
  const date = new Date(text ?? '');
  return Number.isNaN(date.getTime()) ? null : date;
}
