/** One row of the feature store. */
export interface CustomerFeatures {
  idx: number;
  attr_a: number;
  attr_b: string;
  /** Null where no activity was valid at the time. */
  scd_a: number | null;
  scd_b: number | null;
  /** Null where none has arrived. */
  label: number | null;
  /** The time that the activity is of. */
  validAt: Date;
}

/** What the label model reads. */
export const MODEL_FEATURES = ['attr_a', 'attr_b', 'scd_a', 'scd_b'] as const;
