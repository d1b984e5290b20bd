/** Count, mean and variance of a stream of numbers, by Welford's updates (Technometrics 4(3), 1962). */
export class Moments {
  private n = 0;
  private average = 0;
  private squares = 0;

  add(value: number): void {
    this.n++;
    const before = value - this.average;
    this.average += before / this.n;
    this.squares += before * (value - this.average);
  }

  get count(): number {
    return this.n;
  }

  /** NaN of no numbers. */
  get mean(): number {
    return this.n === 0 ? NaN : this.average;
  }

  /**
   * Estimated variance of the mean. One more observation a unit away from the mean is counted in: a short run of equal
   * values is no proof that they are always equal.
   */
  get meanVariance(): number {
    return this.n === 0 ? Infinity : (this.squares + 1) / this.n ** 2;
  }
}
