import type { PipelineDefinition } from '../definitions/pipeline-definition.js';
import { loadClientData } from './load-client-data.js';
import { loadSalesData } from './load-sales-data.js';
import { processData } from './process-data.js';
import { trainCustomerLabel } from './train-customer-label.js';

/** The pipelines of this program. */
export const pipelineDefinitions: readonly PipelineDefinition[] = [
  loadClientData,
  loadSalesData,
  processData,
  trainCustomerLabel,
];
