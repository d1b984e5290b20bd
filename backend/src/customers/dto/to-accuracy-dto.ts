import type { AccuracyReport } from '../predictions/accuracy-monitor.js';
import type { CustomerAccuracyDto } from './customer-outcomes.dto.js';

/** What callers see of the model's accuracy. */
export function toAccuracyDto(report: AccuracyReport): CustomerAccuracyDto {
  const { modelName, modelVersion, judged, accuracy, threshold, isDegraded } = report;
  return {
    model_name: modelName,
    model_version: modelVersion,
    judged,
    accuracy,
    threshold,
    is_degraded: isDegraded,
  };
}
