import type { TopLevelSpec } from 'vega-lite';
import { OUTCOME_CATEGORIES } from './listing-task.js';
import { QUANTITIES } from './partial-dependence.js';
import type { ColumnStudy } from './study-columns.js';

/** Columns that are drawn, the most important first. */
const MAX_BARS = 30;

/** How much each column matters, as bars. */
export function importancePlot({ importances }: ColumnStudy): TopLevelSpec {
  return {
    title: 'Permutation importance on held-out listings',
    data: { values: importances.slice(0, MAX_BARS) },
    width: 420,
    height: { step: 16 },
    mark: 'bar',
    encoding: {
      y: { field: 'column', type: 'nominal', sort: null, title: null, axis: { labelLimit: 260 } },
      x: { field: 'increase', type: 'quantitative', title: 'rise of the log loss when shuffled (nats)' },
    },
  };
}

/** Mean probabilities over the values of each quantity, a panel a quantity. */
export function dependencePlot({ dependences }: ColumnStudy): TopLevelSpec {
  const values = dependences.flatMap(({ quantity, value, probabilities }) =>
    probabilities.map((probability, k) => ({
      quantity,
      value,
      probability,
      outcome: OUTCOME_CATEGORIES[k]?.label,
    })),
  );
  return {
    title: 'Partial dependence on held-out listings',
    columns: 2,
    concat: Object.keys(QUANTITIES).map((quantity) => ({
      width: 300,
      height: 180,
      data: { values: values.filter((point) => point.quantity === quantity) },
      mark: { type: 'line' as const, point: true },
      encoding: {
        x: { field: 'value', type: 'quantitative' as const, title: quantity, scale: { zero: false } },
        y: { field: 'probability', type: 'quantitative' as const, scale: { zero: false } },
        color: { field: 'outcome', type: 'nominal' as const, sort: null },
      },
    })),
  };
}
