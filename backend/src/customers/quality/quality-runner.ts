import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { firstDay } from '../loading/month.js';
import type { StepResult } from '../loading/step.js';
import { transact, type StepTransaction } from '../loading/transact.js';
import type { CheckOutcome, CheckScope } from './check-outcome.js';
import { checkRowCount, checkSourceAge } from './load-checks.js';
import type { CheckResult, QualityCheck, ZeroCheck } from './quality-check.js';
import { QualityError } from './quality.errors.js';
import { buildRowCheck, type RowCheck } from './row-check-sql.js';

/** Runs declared checks against the database. */
@Injectable()
export class QualityRunner {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs checks over one snapshot of the data.
   *
   * @returns the rows looked at, and in `details.checks` what each check found
   * @throws QualityError where one fails that is no mere warning
   */
  async check(checks: readonly QualityCheck[], scope: CheckScope): Promise<StepResult> {
    const { signal, log } = scope.context;
    const found = await transact(this.dataSource, { signal }, async (transaction) => {
      const results: { result: CheckResult; total: number }[] = [];
      for (const check of checks) results.push(await runCheck(transaction, check, scope));
      return results;
    });
    const results = found.map(({ result }) => result);
    for (const { name, passed, detail } of results) log(`${passed ? 'passed' : 'FAILED'} ${name}: ${detail}`);
    const failures = results.filter(({ passed, severity }) => !passed && severity === 'error');
    if (failures.length > 0) throw new QualityError(failures);
    const rows = Math.max(0, ...found.map(({ total }) => total));
    return { rowsIn: rows, rowsOut: rows, details: { checks: results } };
  }
}

async function runCheck(
  transaction: StepTransaction,
  check: QualityCheck,
  scope: CheckScope,
): Promise<{ result: CheckResult; total: number }> {
  const { name, kind, severity = 'error' } = check;
  const outcome = await findOutcome(transaction, check, scope);
  const { total, passed, failed, detail, sample = [] } = outcome;
  return { total, result: { name, kind, severity, passed, failed, detail, sample } };
}

function findOutcome(
  transaction: StepTransaction,
  check: QualityCheck,
  scope: CheckScope,
): Promise<CheckOutcome> {
  switch (check.kind) {
    case 'row-count':
      return checkRowCount(transaction, check, scope);
    case 'source-age':
      return checkSourceAge(transaction, check, scope);
    case 'zero':
      return checkZero(transaction, check);
    default:
      return checkRows(transaction, check, scope);
  }
}

async function checkZero(transaction: StepTransaction, { sql, detail }: ZeroCheck): Promise<CheckOutcome> {
  const [row] = await transaction.query<{ value: number }>(sql);
  return { total: 0, passed: row!.value === 0, failed: row!.value, detail: `${row!.value} ${detail}` };
}

async function checkRows(
  transaction: StepTransaction,
  check: RowCheck,
  { context, month }: CheckScope,
): Promise<CheckOutcome> {
  const [row] = await transaction.query<{ total: number; failed: number; sample: CheckResult['sample'] }>(
    buildRowCheck(check),
    [context.runId, month ? firstDay(month) : null],
  );
  const { total, failed, sample } = row!;
  const allowed = check.kind === 'not-null' ? Math.floor((check.maxShare ?? 0) * total) : 0;
  const limit = allowed > 0 ? ` (allowed: ${allowed})` : '';
  return { total, passed: failed <= allowed, failed, detail: `${failed} of ${total} rows${limit}`, sample };
}
