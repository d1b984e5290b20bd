import { definePipeline } from '../definitions/pipeline-definition.js';
import { customerStep } from './customer-step.js';

const TRAINING_TIMEOUT_MS = 60 * 60_000;

/** A new label model whenever the feature store is complete and fresh. */
export const trainCustomerLabel = definePipeline({
  id: 'train-customer-label',
  description: 'Trains the customer label model on the feature store, once that is complete and fresh.',
  startsAfter: 'process-data',
  parameters: {
    seed: { type: 'integer', description: 'Seed of the split and the training.', min: 0, max: 4_294_967_295 },
    force: { type: 'boolean', description: 'Promotes the model although the gate refuses it.' },
  },
  steps: [
    {
      name: 'check-feature-store',
      description:
        'The gate: counts and gaps of the feature store, and whether it is newer than what it is made from.',
      bind: customerStep('checkFeatureStore'),
    },
    {
      name: 'train',
      description: 'Trains, evaluates and registers the model.',
      dependsOn: ['check-feature-store'],
      timeoutMs: TRAINING_TIMEOUT_MS,
      retry: { attempts: 2 },
      bind: customerStep('trainLabelModel'),
    },
    {
      name: 'promote',
      description: 'Promotes the model, where it is better than the one in service and than chance.',
      dependsOn: ['train'],
      bind: customerStep('promoteLabelModel'),
    },
  ],
});
