import type { Modality } from '@vitrine/inference';

/** How a registered model is being served, as readiness and the registry view show it. */
export interface SlotStatus {
  /** Registered model's name. */
  name: string;
  /**
   * `ready`: the wanted version serves. `degraded`: an earlier or cached version serves, see `reason`.
   * `missing`: nothing serves.
   */
  state: 'ready' | 'degraded' | 'missing';
  /** The version that answers now. */
  version: number | null;
  /** The version that the alias named when the registry was last asked; null where it names none. */
  wantedVersion: number | null;
  /** Why it is not `ready`, in a sentence that holds no path and no credential. */
  reason: string | null;
  /** When the registry was last asked (ISO 8601), null before the first time. */
  checkedAt: string | null;
  /** When a failed version will be tried again (ISO 8601). */
  retryAt: string | null;
}

/** How a category model is being served. */
export interface ModelStatus extends SlotStatus {
  modality: Modality;
}
