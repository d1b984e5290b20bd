import type { PredictFeaturesDto } from '../dto/customer-predict.dto.js';

/** A stored answer. */
export interface CustomerPrediction {
  /** UUID version 7. */
  id: string;
  createdAt: Date;
  userId: string;
  idx: number;
  features: PredictFeaturesDto;
  /** Whether the features were read from the feature store. */
  fromFeatureStore: boolean;
  label: number;
  /** Of that label. */
  probability: number;
  modelName: string;
  modelVersion: number;
}

/** What one prediction turned out to be. */
export interface Outcome {
  predictionId: string;
  label: number;
}

/** How often the latest judged predictions of a version were right. */
export interface JudgedCounts {
  modelVersion: number;
  judged: number;
  correct: number;
}
