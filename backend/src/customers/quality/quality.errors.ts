import { StepError } from '../loading/loading.errors.js';
import type { CheckResult } from './quality-check.js';

/** Rows that are named in the message. */
const NAMED_ROWS = 3;

/** Data breaks rules that it must keep; what depends on it must not go on. */
export class QualityError extends StepError {
  constructor(readonly failures: readonly CheckResult[]) {
    super(failures.map(describeFailure).join('\n'), true);
  }
}

function describeFailure({ name, detail, sample }: CheckResult): string {
  const rows = sample.slice(0, NAMED_ROWS).map((row) =>
    Object.entries(row)
      .map(([column, value]) => `${column} ${value === null ? 'null' : String(value)}`)
      .join(', '),
  );
  return `${name}: ${detail}${rows.length > 0 ? ` (${rows.join('; ')}${sample.length > NAMED_ROWS ? '; …' : ''})` : ''}`;
}
