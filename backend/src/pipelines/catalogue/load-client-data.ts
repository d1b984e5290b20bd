import { definePipeline } from '../definitions/pipeline-definition.js';
import { customerStep } from './customer-step.js';
import { maxRowChange, maxSourceAge } from './shared-parameters.js';

/** Profiles, activity, labels and stores: staged side by side, checked, and replaced all at once. */
export const loadClientData = definePipeline({
  id: 'load-client-data',
  description: 'Loads customer profiles, activity, labels and stores, and replaces them all at once.',
  parameters: { max_row_change: maxRowChange, max_source_age_days: maxSourceAge },
  steps: [
    { name: 'load-profiles', description: 'Stages customer_profiles.', bind: customerStep('loadProfiles') },
    { name: 'load-activity', description: 'Stages customer_activity.', bind: customerStep('loadActivity') },
    { name: 'load-labels', description: 'Stages labels.', bind: customerStep('loadLabels') },
    { name: 'load-stores', description: 'Stages stores.', bind: customerStep('loadStores') },
    {
      name: 'check-profiles',
      description: 'Keys, values and number of the staged profiles.',
      dependsOn: ['load-profiles'],
      bind: customerStep('checkProfiles'),
    },
    {
      name: 'check-activity',
      description: 'Keys, periods, values and customers of the staged activity.',
      dependsOn: ['load-activity', 'load-profiles'],
      bind: customerStep('checkActivity'),
    },
    {
      name: 'check-labels',
      description: 'Keys, values and customers of the staged labels.',
      dependsOn: ['load-labels', 'load-profiles'],
      bind: customerStep('checkLabels'),
    },
    {
      name: 'check-stores',
      description: 'Keys and number of the staged stores.',
      dependsOn: ['load-stores'],
      bind: customerStep('checkStores'),
    },
    {
      name: 'publish',
      description: 'Replaces the four tables by what is staged, in one transaction.',
      dependsOn: ['check-profiles', 'check-activity', 'check-labels', 'check-stores'],
      bind: customerStep('publishClientData'),
    },
    {
      name: 'judge-predictions',
      description:
        'Notes how right earlier predictions were, and starts a training where they were too often wrong.',
      dependsOn: ['publish'],
      bind: customerStep('judgePredictions'),
    },
  ],
});
