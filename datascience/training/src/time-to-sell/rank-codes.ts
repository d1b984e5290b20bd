import { readCode, type FieldColumnsConfig, type TabularRow } from '@vitrine/inference';
import { RANKED_CODES } from './listing-task.js';

/** Values of a code that are told apart. */
const MAX_CODE_VALUES = 100;

/** Codes by frequency among the training rows, the commonest first. */
export function rankCodes(rows: readonly TabularRow[], trainRows: Int32Array): FieldColumnsConfig {
  const codes = RANKED_CODES.map((field) => {
    const counts = new Map<string, number>();
    for (const row of trainRows) {
      const code = readCode(rows[row] as TabularRow, field);
      if (code !== null) counts.set(code, (counts.get(code) ?? 0) + 1);
    }
    const values = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([code]) => code);
    return { field, values: values.slice(0, MAX_CODE_VALUES), as: 'rank' as const };
  });
  return { numbers: [], codes };
}
