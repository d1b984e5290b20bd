import type { Random } from '../../common/random.js';
import type { LabelFeatures } from './label-signal.js';

/** A span of time in days since 1970; `to` is excluded. */
export interface DaySpan {
  from: number;
  to: number;
}

/** One period of activity. */
interface ActivityPeriod {
  /** Days since 1970. */
  from: number;
  /** The next period's `from`; null where it is the newest. */
  to: number | null;
  scd_a: number;
  scd_b: number;
}

/** A customer of the demo. */
export interface DemoCustomer {
  attr_a: number;
  attr_b: string;
  attr_c: 'yes' | 'no';
  /** One or two, oldest first. */
  periods: ActivityPeriod[];
  /** Day whose end the label tells of. */
  labeledAt: number;
  /** The features at that time. */
  features: LabelFeatures;
}

/** Shares of values, as a public set of 150,000 customers has them. */
const ATTR_A = [0.502, 0.05, 0.101, 0.149, 0.198];
const ATTR_B = [0.1, 0.2, 0.3, 0.4];
const ATTR_C_YES = 0.667;
const TWO_PERIODS = 0.5;
/** Activity begins in this first part of the time, and changes before the last part. */
const FIRST_PART = 0.6;
const LAST_PART = 0.05;

/** The index that a share of the unit interval falls to. */
export function pickWeighted(weights: readonly number[], random: Random): number {
  let rest = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
  for (let i = 0; i < weights.length - 1; i++) {
    rest -= weights[i]!;
    if (rest < 0) return i;
  }
  return weights.length - 1;
}

/** A customer: always the same number of random numbers, so that customers do not depend on one another's luck. */
export function drawCustomer(random: Random, span: DaySpan): DemoCustomer {
  const attr_a = 1 + pickWeighted(ATTR_A, random);
  const attr_b = 'abcd'[pickWeighted(ATTR_B, random)]!;
  const attr_c = random.next() < ATTR_C_YES ? 'yes' : 'no';
  const days = span.to - span.from;
  const begin = span.from + Math.floor(random.next() * days * FIRST_PART);
  const lastChange = Math.floor(span.to - days * LAST_PART);
  const change = begin + 1 + Math.floor(random.next() * Math.max(1, lastChange - begin));
  const hasChanged = random.next() < TWO_PERIODS && change < span.to;
  const [older, newer] = [drawActivity(random), drawActivity(random)];
  const periods: ActivityPeriod[] = hasChanged
    ? [
        { from: begin, to: change, ...older },
        { from: change, to: null, ...newer },
      ]
    : [{ from: begin, to: null, ...newer }];
  const labeledAt = begin + Math.floor(random.next() * (span.to - begin));
  const valid = periods.find(({ to }) => to === null || to > labeledAt)!;
  const features = { attr_a, attr_b, scd_a: valid.scd_a, scd_b: valid.scd_b };
  return { attr_a, attr_b, attr_c, periods, labeledAt, features };
}

function drawActivity(random: Random): { scd_a: number; scd_b: number } {
  // What is written is what the label depends on.
  return { scd_a: Math.floor(random.next() * 10_000) / 10_000, scd_b: 1 + random.integer(5) };
}
