import type { TopLevelSpec } from 'vega-lite';
import type { MonthlySales } from '../gold/build-monthly.js';

/** More lines than this cannot be told apart: those that sell most are drawn. */
const MAX_LINES = 10;

/** Monthly kilos, a line a vegetable, the months that hold an outlier week marked. */
export function monthlySalesPlot(rows: readonly MonthlySales[]): TopLevelSpec {
  const names = listLargest(rows);
  const shown = new Set(names);
  const values = rows
    .filter(({ vegetable }) => shown.has(vegetable))
    .map(({ month, vegetable, sales, isOutlier }) => ({
      month: `${String(month).slice(0, 4)}-${String(month).slice(4)}-01`,
      vegetable,
      sales,
      isOutlier,
    }));
  const encoding = {
    x: { field: 'month', type: 'temporal' as const, timeUnit: 'utcyearmonth' as const, title: null },
    y: { field: 'sales', type: 'quantitative' as const, title: 'sales in kg' },
  };
  const color = { field: 'vegetable', type: 'nominal' as const, sort: names, title: 'vegetable' };
  return {
    title: 'Monthly sales',
    data: { values },
    width: 720,
    height: 320,
    layer: [
      {
        mark: { type: 'line', point: { size: 20 }, strokeWidth: 1.5 },
        encoding: { ...encoding, color },
      },
      {
        transform: [{ filter: 'datum.isOutlier' }],
        mark: { type: 'point', shape: 'diamond', size: 160, strokeWidth: 2, color: '#c00' },
        encoding: { ...encoding, shape: { datum: 'holds an outlier week', legend: { title: null } } },
      },
    ],
  };
}

function listLargest(rows: readonly MonthlySales[]): string[] {
  const totals = new Map<string, number>();
  for (const { vegetable, sales } of rows) totals.set(vegetable, (totals.get(vegetable) ?? 0) + sales);
  return [...totals]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MAX_LINES)
    .map(([vegetable]) => vegetable);
}
