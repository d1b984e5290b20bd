/**
 * A sequential test of a mean, and confidence intervals that hold at every look at once.
 *
 * An estimate `d` of `δ` with estimated variance `V` is, for averages of many independent observations, distributed as
 * Brownian motion with drift `δ` seen at time `1/V`. Robbins' normal mixture with prior `δ ~ N(0, τ²)` over the
 * likelihood ratio against `δ = 0` is
 *
 *     Λ = √(V / (V + τ²)) · exp(τ² d² / (2 V (V + τ²)))
 *
 * which is a martingale of mean 1 where `δ = 0`: by Ville's inequality it ever reaches 1/α with probability α at most,
 * however often one looks and whenever one stops. Its inversion is the interval `d ± r`,
 *
 *     r² = 2 V (V + τ²) / τ² · (ln(1/α) + ½ ln((V + τ²) / V))
 *
 * Sources: Robbins, Statistical methods related to the law of the iterated logarithm (1970); Johari, Koomen, Pekelis and
 * Walsh, Always valid inference (2022), for the test of experiments (mSPRT); Waudby-Smith, Arbour, Sinha, Kennedy and
 * Ramdas, Time-uniform central limit theory and asymptotic confidence sequences (2024), for estimated variances.
 */

/**
 * `τ`: differences of this size are found soonest, others somewhat later. In nats of log loss: a better model of time
 * to sell is better by some hundredths. The same for scores between 0 and 1.
 */
const TYPICAL_DIFFERENCE = 0.05;
const PRIOR_VARIANCE = TYPICAL_DIFFERENCE ** 2;

/** e to this is still a finite number. */
const MAX_EXPONENT = 700;

/** Observations of each mean below which its distribution is not trusted to be normal, and nothing is concluded. */
export const MIN_OBSERVATIONS = 100;

/**
 * The evidence against `δ = 0`: at 1/α or more the hypothesis is rejected with an error of α over all looks together.
 *
 * @param estimate of `δ`
 * @param variance of the estimate, above 0
 * @returns the e-value, above 0 and finite; its mean is at most 1 where `δ = 0`
 */
export function mixtureEValue(estimate: number, variance: number): number {
  const total = variance + PRIOR_VARIANCE;
  const exponent = (PRIOR_VARIANCE * estimate ** 2) / (2 * variance * total);
  return Math.exp(Math.min(MAX_EXPONENT, exponent - Math.log(total / variance) / 2));
}

/**
 * Half the width of the interval which holds `δ` at all looks together with probability 1 − α.
 *
 * @param variance of the estimate, above 0
 * @param alpha between 0 and 1
 */
export function confidenceRadius(variance: number, alpha: number): number {
  const total = variance + PRIOR_VARIANCE;
  const evidence = Math.log(1 / alpha) + Math.log(total / variance) / 2;
  return Math.sqrt(((2 * variance * total) / PRIOR_VARIANCE) * evidence);
}
