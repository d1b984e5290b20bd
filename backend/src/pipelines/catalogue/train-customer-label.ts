import { definePipeline } from '../definitions/pipeline-definition.js';
import { customerStep } from './customer-step.js';

/** A new label model whenever the feature store is complete and fresh. */
export const trainCustomerLabel = definePipeline({
  id: 'train-customer-label',
  description: 'Trains the customer label model on the feature store, once that is complete and fresh.',
  startsAfter: 'process-data',
  steps: [
    {
      name: 'check-feature-store',
      description:
        'The gate: counts and gaps of the feature store, and whether it is newer than what it is made from.',
      bind: customerStep('checkFeatureStore'),
    },
  ],
});
