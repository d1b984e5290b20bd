import { randomUUID } from 'node:crypto';
import { StoreError, type ModelRegistry, type ModelVersion } from '../store.js';
import { comparePromotion, type GateResult } from './gate.js';
import { previousTag, writePromotionNote, type PromotionNote } from './promotion-tags.js';

/** The gate refused a promotion that was not forced. */
export class PromotionRefusedError extends Error {
  constructor(readonly gate: GateResult) {
    super(gate.objections.join('; '));
    this.name = 'PromotionRefusedError';
  }
}

/** Which alias is moved, by whom and why. */
export interface MoveRequest {
  name: string;
  alias: string;
  /** Who moves it. */
  by?: string;
  reason?: string;
}

export interface PromoteRequest extends MoveRequest {
  version: number;
  /** Promote although it is worse, or cannot be compared. */
  force: boolean;
}

/** A move that was made. */
export interface AliasMove {
  /** Identifies the move; null where the alias was there already. */
  id: string | null;
  /** The version that the alias names now. */
  version: ModelVersion;
  /** The one before, if any. */
  previous: ModelVersion | null;
  /** How they compare; null where there was nothing to compare with and nothing to object. */
  gate: GateResult | null;
}

/**
 * Moves an alias to a version and notes it in the version's tags. A candidate that is worse on the same test split than
 * the version in place, or no better than chance, is refused.
 *
 * @throws PromotionRefusedError where the gate says no; StoreError where there is no such version
 */
export async function promote(store: ModelRegistry, request: PromoteRequest): Promise<AliasMove> {
  const { name, alias } = request;
  const candidate = await store.getVersion(name, request.version);
  const previous = await store.findVersionByAlias(name, alias);
  if (previous?.version === candidate.version) return { id: null, version: candidate, previous, gate: null };
  const compared = comparePromotion(candidate, previous);
  if (!compared.passed && !request.force) throw new PromotionRefusedError(compared);
  const gate = previous || !compared.passed ? compared : null;
  const note = buildNote(request, 'promote', previous);
  const back = { [previousTag(alias)]: previous ? String(previous.version) : '' };
  return { ...(await move(store, request, candidate.version, note, back)), previous, gate };
}

/**
 * Puts an alias back to the version that it named before the last promotion.
 *
 * @throws StoreError `RESOURCE_DOES_NOT_EXIST` where there is nothing to go back to
 */
export async function rollback(
  store: ModelRegistry,
  request: MoveRequest,
): Promise<AliasMove & { previous: ModelVersion }> {
  const { name, alias } = request;
  const previous = await store.findVersionByAlias(name, alias);
  const target = previous?.tags[previousTag(alias)];
  if (!previous || !target) {
    throw new StoreError(
      'RESOURCE_DOES_NOT_EXIST',
      `The alias ${alias} of ${name} has no version to go back to`,
    );
  }
  const candidate = await store.getVersion(name, Number(target));
  const gate = comparePromotion(candidate, previous);
  const note = buildNote(request, 'rollback', previous);
  return { ...(await move(store, request, candidate.version, note, {})), previous, gate };
}

function buildNote(
  { by, reason }: MoveRequest,
  action: PromotionNote['action'],
  previous: ModelVersion | null,
): PromotionNote {
  const at = new Date().toISOString();
  return {
    id: randomUUID(),
    action,
    from: previous?.version ?? null,
    at,
    by: by ?? '',
    reason: reason ?? '',
  };
}

/** The tags come first: an alias that has moved is always explained. */
async function move(
  store: ModelRegistry,
  { name, alias }: MoveRequest,
  version: number,
  note: PromotionNote,
  tags: Record<string, string>,
): Promise<{ id: string; version: ModelVersion }> {
  await store.setVersionTags(name, version, { ...writePromotionNote(alias, note), ...tags });
  await store.setAlias(name, alias, version);
  return { id: note.id, version: await store.getVersion(name, version) };
}
