import type { Month } from '../loading/month.js';
import type { StepContext } from '../loading/step.js';
import type { CheckResult } from './quality-check.js';

/** What a check is run with. */
export interface CheckScope {
  context: StepContext;
  month: Month | null;
}

/** What a kind of check finds. */
export interface CheckOutcome {
  total: number;
  passed: boolean;
  failed: number;
  detail: string;
  sample?: CheckResult['sample'];
}
