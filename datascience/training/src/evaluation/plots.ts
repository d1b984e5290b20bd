import type { Calibration, Category } from '@vitrine/inference';
import type { TopLevelSpec } from 'vega-lite';
import type { CoveragePoint } from './abstention.js';
import type { ReliabilityBin } from './metrics.js';

/** Pixels of one cell of the confusion matrix. */
const CELL = 26;
/** With more classes than this the numbers in the cells would not be readable. */
const MAX_NUMBERED_CLASSES = 30;

/** One epoch's values, by column. */
export type HistoryRow = { epoch: number } & Record<string, number>;

/**
 * The confusion matrix: true categories down the side, predicted ones along the top, coloured by the share of the
 * true category's rows.
 *
 * @param matrix counts, row-major [true × predicted]
 */
export function confusionMatrixPlot(
  matrix: Uint32Array,
  categories: readonly Category[],
  title: string,
): TopLevelSpec {
  const names = categories.map((category) => `${category.label} (${category.id})`);
  const values = categories.flatMap((_, i) => {
    const row = matrix.subarray(i * categories.length, (i + 1) * categories.length);
    const total = row.reduce((sum, count) => sum + count, 0);
    return Array.from(row, (count, j) => ({
      true: names[i],
      predicted: names[j],
      count,
      share: total && count / total,
    }));
  });
  const axis = { sort: names, type: 'nominal' as const };
  const encoding = {
    y: { ...axis, field: 'true', title: 'true category', axis: { labelLimit: 260 } },
    x: {
      ...axis,
      field: 'predicted',
      title: 'predicted category',
      axis: { orient: 'top' as const, labelAngle: -60, labelLimit: 260 },
    },
  };
  const cells: TopLevelSpec = {
    title,
    data: { values },
    width: { step: CELL },
    height: { step: CELL },
    layer: [
      {
        mark: 'rect',
        encoding: {
          ...encoding,
          color: {
            field: 'share',
            type: 'quantitative',
            title: 'share of the true category',
            scale: { domain: [0, 1], range: ['#ffffff', '#08306b'] },
            legend: { titleLimit: 300 },
          },
        },
      },
    ],
  };
  if (categories.length <= MAX_NUMBERED_CLASSES) {
    cells.layer.push({
      transform: [{ filter: 'datum.count > 0' }],
      mark: { type: 'text', fontSize: 9 },
      encoding: {
        ...encoding,
        text: { field: 'count', type: 'quantitative' },
        color: { condition: { test: 'datum.share > 0.5', value: 'white' }, value: '#333' },
      },
    });
  }
  return cells;
}

/** One line a measure over the epochs; losses and shares get a panel each because their units differ. */
export function historyPlot(history: readonly HistoryRow[], title: string): TopLevelSpec {
  const measures = [...new Set(history.flatMap((row) => Object.keys(row)))].filter((key) => key !== 'epoch');
  const panels = [
    { title: 'loss', keys: measures.filter((key) => key.includes('loss')) },
    { title: 'score', keys: measures.filter((key) => !key.includes('loss')) },
  ].filter((panel) => panel.keys.length > 0);
  return {
    title,
    resolve: { scale: { color: 'independent' } },
    vconcat: panels.map((panel) => ({
      width: 480,
      height: 220,
      data: {
        values: history.flatMap((row) =>
          panel.keys
            .filter((key) => key in row)
            .map((key) => ({ epoch: row.epoch, measure: key, value: row[key] })),
        ),
      },
      mark: { type: 'line' as const, point: true },
      encoding: {
        x: { field: 'epoch', type: 'quantitative' as const, axis: { tickMinStep: 1 } },
        y: { field: 'value', type: 'quantitative' as const, title: panel.title, scale: { zero: false } },
        color: { field: 'measure', type: 'nominal' as const, legend: { labelLimit: 300 } },
      },
    })),
  };
}

/** Accuracy against confidence, with the diagonal of a perfectly calibrated model. */
export function reliabilityPlot(bins: readonly ReliabilityBin[], title: string): TopLevelSpec {
  return {
    title,
    width: 320,
    height: 320,
    layer: [
      {
        data: { values: [0, 1].map((x) => ({ confidence: x, accuracy: x })) },
        mark: { type: 'line', strokeDash: [4, 4], color: '#999' },
        encoding: {
          x: { field: 'confidence', type: 'quantitative' },
          y: { field: 'accuracy', type: 'quantitative' },
        },
      },
      {
        data: { values: bins.filter((bin) => bin.count > 0) },
        mark: { type: 'point', filled: true, opacity: 0.9 },
        encoding: {
          x: { field: 'confidence', type: 'quantitative', title: 'mean confidence' },
          y: { field: 'accuracy', type: 'quantitative', title: 'share of right answers' },
          size: { field: 'count', type: 'quantitative', title: 'rows' },
        },
      },
    ],
  };
}

/** A curve of more points than this looks no different. */
const MAX_CURVE_POINTS = 2_000;

/**
 * Accuracy of the answers given against the share of products answered, with the threshold that the model has and the
 * precision that it was chosen for.
 */
export function coveragePlot(
  points: readonly CoveragePoint[],
  { abstentionThreshold, abstention }: Calibration,
  title: string,
): TopLevelSpec {
  const step = Math.max(1, Math.ceil(points.length / MAX_CURVE_POINTS));
  const values = points.filter((_, i) => i % step === 0 || i === points.length - 1);
  const chosen = points.findLast(({ threshold }) => threshold >= abstentionThreshold);
  const x = { field: 'coverage', type: 'quantitative' as const, title: 'share of products answered' };
  const y = {
    field: 'accuracy',
    type: 'quantitative' as const,
    title: 'share of right answers',
    scale: { zero: false },
  };
  const stated = abstention ? [{ precision: abstention.statedPrecision }] : [];
  return {
    title: { text: title, subtitle: describeThreshold(chosen, abstentionThreshold, stated[0]?.precision) },
    width: 420,
    height: 300,
    layer: [
      { data: { values }, mark: { type: 'line', interpolate: 'step-before' }, encoding: { x, y } },
      {
        data: { values: stated },
        mark: { type: 'rule', strokeDash: [4, 4], color: '#666' },
        encoding: { y: { ...y, field: 'precision' } },
      },
      {
        data: { values: chosen ? [chosen] : [] },
        mark: { type: 'point', filled: true, size: 90, color: '#d62728', opacity: 1 },
        encoding: { x, y },
      },
    ],
  };
}

function describeThreshold(
  chosen: CoveragePoint | undefined,
  threshold: number,
  statedPrecision: number | undefined,
): string[] {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const { coverage, accuracy } = chosen ?? { coverage: 0, accuracy: 1 };
  return [
    `red: threshold ${threshold.toFixed(3)} answers ${percent(coverage)}, of which ${percent(accuracy)} right`,
    ...(statedPrecision === undefined ? [] : [`dashed: the stated precision, ${percent(statedPrecision)}`]),
  ];
}
