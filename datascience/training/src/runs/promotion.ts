import { StoreError, type ModelStore, type ModelVersion } from '@vitrine/mlflow';
import { METRIC_TAG_PREFIX } from './register-version.js';

/** A candidate may lose this much weighted F1 … */
const MAX_F1_LOSS = 0.005;
/** … and may have this many times the log loss of the version in place. */
const MAX_LOG_LOSS_RATIO = 1.05;

/** Tag of a version: the version that an alias pointed at before it. */
const previousTag = (alias: string) => `promotion.${alias}.previous`;

/** Why a promotion was refused. */
export class PromotionRefusedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PromotionRefusedError';
  }
}

export interface PromotionRequest {
  name: string;
  version: number;
  alias: string;
  reason?: string;
  /** Promote although it is worse, or cannot be compared. */
  force: boolean;
}

/**
 * Moves an alias to a version. A candidate that is worse on the same test split than the version in place is refused.
 *
 * @returns the version promoted and the one in place before, if any
 * @throws PromotionRefusedError where the gate says no; StoreError where there is no such version
 */
export async function promote(
  store: ModelStore,
  request: PromotionRequest,
): Promise<{ version: ModelVersion; previous: ModelVersion | null }> {
  const { name, alias } = request;
  const candidate = await store.getVersion(name, request.version);
  const previous = await store.findVersionByAlias(name, alias);
  if (previous?.version === candidate.version) return { version: candidate, previous };
  const objection = previous ? findObjection(candidate, previous) : null;
  if (objection !== null && !request.force)
    throw new PromotionRefusedError(`${objection}; --force promotes it anyway`);
  await store.setVersionTags(name, candidate.version, {
    [previousTag(alias)]: previous ? String(previous.version) : '',
    [`promotion.${alias}.at`]: new Date().toISOString(),
    [`promotion.${alias}.reason`]: request.reason ?? '',
  });
  await store.setAlias(name, alias, candidate.version);
  return { version: await store.getVersion(name, candidate.version), previous };
}

/**
 * Puts an alias back to the version that it pointed at before the last promotion.
 *
 * @throws StoreError `RESOURCE_DOES_NOT_EXIST` where there is nothing to go back to
 */
export async function rollback(
  store: ModelStore,
  name: string,
  alias: string,
): Promise<{ version: ModelVersion; from: ModelVersion }> {
  const from = await store.findVersionByAlias(name, alias);
  const before = from?.tags[previousTag(alias)];
  if (!from || !before) {
    throw new StoreError(
      'RESOURCE_DOES_NOT_EXIST',
      `The alias ${alias} of ${name} has no version to go back to`,
    );
  }
  await store.setAlias(name, alias, Number(before));
  return { version: await store.getVersion(name, Number(before)), from };
}

/** What speaks against a candidate, or null. Only scores of the same test split are compared. */
function findObjection(candidate: ModelVersion, inPlace: ModelVersion): string | null {
  const label = `version ${candidate.version} of ${candidate.name}`;
  if (candidate.tags.test_hash !== inPlace.tags.test_hash) {
    return `${label} and version ${inPlace.version} were tested on different data`;
  }
  const metric = (version: ModelVersion, key: string) => Number(version.tags[METRIC_TAG_PREFIX + key]);
  const f1 = [metric(candidate, 'weighted_f1'), metric(inPlace, 'weighted_f1')] as const;
  const logLoss = [metric(candidate, 'log_loss'), metric(inPlace, 'log_loss')] as const;
  // Written so that a score that is missing (NaN) speaks against the candidate.
  if (!(f1[0] >= f1[1] - MAX_F1_LOSS)) {
    return `${label} is worse: weighted F1 ${f1[0].toFixed(4)} against ${f1[1].toFixed(4)}`;
  }
  if (!(logLoss[0] <= logLoss[1] * MAX_LOG_LOSS_RATIO)) {
    return `${label} is worse: log loss ${logLoss[0].toFixed(4)} against ${logLoss[1].toFixed(4)}`;
  }
  return null;
}
