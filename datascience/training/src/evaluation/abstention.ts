import { argmax, type Abstention } from '@vitrine/inference';
import type { Scored } from './metrics.js';

/** One point of a coverage curve: what is answered, and how well, if the model abstains below the threshold. */
export interface CoveragePoint {
  threshold: number;
  /** Share of rows answered. */
  coverage: number;
  /** Rows answered. */
  answered: number;
  /** Share of right answers among those answered. */
  accuracy: number;
}

/** Coverage and accuracy at each distinct confidence, from the most confident row to all rows. */
export function coverageCurve({ labels, probabilities, classes }: Scored): CoveragePoint[] {
  const rows = Array.from({ length: labels.length }, (_, row) => {
    const slice = probabilities.subarray(row * classes, (row + 1) * classes);
    const best = argmax(slice);
    return { confidence: slice[best] as number, hit: best === labels[row] };
  }).sort((a, b) => b.confidence - a.confidence);
  const points: CoveragePoint[] = [];
  let hits = 0;
  for (const [i, row] of rows.entries()) {
    hits += row.hit ? 1 : 0;
    const isLastOfItsConfidence = rows[i + 1]?.confidence !== row.confidence;
    if (!isLastOfItsConfidence) continue;
    const answered = i + 1;
    const { confidence: threshold } = row;
    points.push({ threshold, coverage: answered / rows.length, answered, accuracy: hits / answered });
  }
  return points;
}

/** Share of right answers that a model is asked for where nothing else was said. */
export const DEFAULT_ABSTAIN_PRECISION = 0.95;

/** A one-sided confidence of 95 %, in standard deviations. */
const ONE_SIDED_95 = 1.645;

/** An abstention threshold and what it does on the rows that it was chosen on. */
export interface ChosenAbstention {
  /** Below this probability of the best category the model abstains; 0 never abstains. */
  threshold: number;
  abstention: Abstention;
}

/**
 * Chooses the threshold that answers as many products as possible with at least the stated share of right answers.
 * What counts is not the share on the held-out rows, which is as often too high as too low, but the lower end of its
 * one-sided 95 % interval (Wilson 1927): new products are then answered as well as stated in most cases, and a few
 * rows that happen to be right prove nothing. Where no threshold reaches it, the one that comes nearest is taken, and
 * the result says so.
 *
 * @param scored rows that neither the model nor its calibration was fitted on
 * @param precision in (0, 1)
 */
export function chooseAbstention(scored: Scored, precision = DEFAULT_ABSTAIN_PRECISION): ChosenAbstention {
  const points = coverageCurve(scored).map((point) => ({ ...point, bound: wilsonLowerBound(point) }));
  const nearest = points.reduce<(typeof points)[number] | undefined>(
    (best, point) => (best === undefined || point.bound >= best.bound ? point : best),
    undefined,
  );
  const reaching = points.findLast(({ bound }) => bound >= precision);
  const chosen = reaching ?? nearest;
  return {
    threshold: chosen === undefined || chosen.coverage === 1 ? 0 : chosen.threshold,
    abstention: {
      statedPrecision: precision,
      isReached: reaching !== undefined,
      precision: chosen?.accuracy ?? 0,
      coverage: chosen?.coverage ?? 0,
      rows: scored.labels.length,
    },
  };
}

/** What a threshold does to rows: the share that is answered, and how well; an accuracy of 1 where none is. */
export function answersAbove(scored: Scored, threshold: number): { coverage: number; accuracy: number } {
  const answered = coverageCurve(scored).findLast((point) => point.threshold >= threshold);
  return answered ?? { coverage: 0, accuracy: 1 };
}

/** Lower end of the one-sided 95 % score interval of a share of hits. */
function wilsonLowerBound({ accuracy, answered }: CoveragePoint): number {
  const z2 = ONE_SIDED_95 ** 2;
  const centre = accuracy + z2 / (2 * answered);
  const spread =
    ONE_SIDED_95 * Math.sqrt((accuracy * (1 - accuracy)) / answered + z2 / (4 * answered * answered));
  return (centre - spread) / (1 + z2 / answered);
}
