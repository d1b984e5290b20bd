import { userInfo } from 'node:os';
import * as registry from '@vitrine/mlflow';
import {
  PromotionRefusedError,
  type AliasMove,
  type ModelRegistry,
  type ModelVersion,
  type PromoteRequest,
} from '@vitrine/mlflow';

/**
 * Moves an alias to a version in the name of whoever is logged in.
 *
 * @throws PromotionRefusedError where the gate says no; StoreError where there is no such version
 */
export async function promote(
  store: ModelRegistry,
  request: Omit<PromoteRequest, 'by'>,
): Promise<Pick<AliasMove, 'version' | 'previous'>> {
  try {
    return await registry.promote(store, { ...request, by: userName() });
  } catch (error) {
    if (error instanceof PromotionRefusedError) error.message += '; --force promotes it anyway';
    throw error;
  }
}

/**
 * Puts an alias back to the version that it named before the last promotion, in the name of whoever is logged in.
 *
 * @throws StoreError `RESOURCE_DOES_NOT_EXIST` where there is nothing to go back to
 */
export async function rollback(
  store: ModelRegistry,
  name: string,
  alias: string,
): Promise<{ version: ModelVersion; from: ModelVersion }> {
  const { version, previous } = await registry.rollback(store, { name, alias, by: userName() });
  return { version, from: previous };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without an account, as in some containers.
    return '';
  }
}
