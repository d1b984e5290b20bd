import { metrics, type Attributes } from '@opentelemetry/api';
import type { Classification } from './classifier.js';

const meter = metrics.getMeter('vitrine');

const predictions = meter.createCounter('vitrine.predictions', {
  description: 'Products answered, by model, version, modality and whether the model abstained',
  unit: '{prediction}',
});

const duration = meter.createHistogram('vitrine.prediction.duration', {
  description: 'Time to answer for one product, without storing the answer',
  unit: 's',
  advice: {
    explicitBucketBoundaries: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  },
});

const confidence = meter.createHistogram('vitrine.prediction.confidence', {
  description: 'Probability of the best category',
  unit: '1',
  advice: { explicitBucketBoundaries: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99] },
});

/** Attributes by served version: made once, for every prediction has the same. */
const attributesByModel = new WeakMap<object, Map<string, Attributes>>();

/**
 * Counts an answer.
 *
 * @param seconds time that the model took
 */
export function recordPrediction({ prediction, model }: Classification, seconds: number): void {
  const attributes = attributesOf(model, prediction.modality);
  predictions.add(1, prediction.abstained ? { ...attributes, 'vitrine.abstained': true } : attributes);
  duration.record(seconds, attributes);
  let best = 0;
  for (const probability of prediction.probabilities) if (probability > best) best = probability;
  confidence.record(best, attributes);
}

function attributesOf(model: Classification['model'], modality: string): Attributes {
  let byModality = attributesByModel.get(model);
  if (!byModality) attributesByModel.set(model, (byModality = new Map()));
  let attributes = byModality.get(modality);
  if (!attributes) {
    attributes = {
      'vitrine.model.name': model.name,
      'vitrine.model.version': model.version,
      'vitrine.modality': modality,
    };
    byModality.set(modality, attributes);
  }
  return attributes;
}
