import { definePipeline } from '../definitions/pipeline-definition.js';
import { customerStep } from './customer-step.js';

/** Features from what was loaded. */
export const processData = definePipeline({
  id: 'process-data',
  description: 'Recomputes the newest activity of each customer and the feature store.',
  startsAfter: 'load-client-data',
  parameters: {
    as_of: {
      type: 'string',
      description:
        'When labels without a time of their own were true (ISO 8601); the time the run stands for where it is left out.',
      pattern: {
        regex: /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/,
        hint: 'must be a date or a time with its zone (ISO 8601)',
      },
    },
  },
  steps: [
    {
      name: 'activity-latest',
      description: 'Recomputes customer_activity_latest.',
      bind: customerStep('refreshActivityLatest'),
    },
    {
      name: 'feature-store',
      description: 'Recomputes feature_store, with the activity valid at the label’s time.',
      bind: customerStep('refreshFeatureStore'),
    },
    {
      name: 'check-feature-store',
      description: 'Whether the feature store is complete, fresh and nearly without gaps.',
      dependsOn: ['feature-store'],
      bind: customerStep('checkFeatureStore'),
    },
  ],
});
