// The classic test of two means, which the sequential one is compared with: no part of the product.

/** Sums that a z-test needs. */
export class Sums {
  n = 0;
  sum = 0;
  squares = 0;

  add(value) {
    this.n++;
    this.sum += value;
    this.squares += value * value;
  }

  get mean() {
    return this.sum / this.n;
  }

  get meanVariance() {
    return (this.squares / this.n - this.mean ** 2) / (this.n - 1);
  }
}

/** |z| beyond which a test at 5 % on two sides rejects. */
export const Z_5_PERCENT = 1.959964;

/** z of the difference of two means of different products. */
export function unpairedZ(first, second) {
  return (first.mean - second.mean) / Math.sqrt(first.meanVariance + second.meanVariance);
}

/** z of the mean of differences on the same products. */
export function pairedZ(differences) {
  return differences.mean / Math.sqrt(differences.meanVariance);
}
