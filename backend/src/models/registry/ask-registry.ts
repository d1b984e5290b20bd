import { PackageError } from '@vitrine/inference';
import { PromotionRefusedError } from '@vitrine/mlflow';
import { isMissing, ModelNotLoadableError, RegistryUnavailableError } from '../models.errors.js';

/**
 * Asks the registry; what it does not know, cannot hold or refuses is passed on, any other failure means that it is
 * away.
 *
 * @throws ModelNotLoadableError, RegistryUnavailableError
 */
export async function askRegistry<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof PackageError) throw new ModelNotLoadableError({ cause: error });
    const isAnswer = isMissing(error) || error instanceof PromotionRefusedError;
    throw isAnswer ? error : new RegistryUnavailableError(error);
  }
}
