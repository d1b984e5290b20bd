/** A class is solved where its largest violation of optimality is below this (LIBLINEAR's default). */
const TOLERANCE = 0.1;

/** Each class's largest and smallest projected gradient: when to shrink and when it is solved. */
export class Violations {
  private readonly highest: Float64Array;
  private readonly lowest: Float64Array;
  /** Variables at 0 whose gradient is above it are put aside. */
  private readonly bound: Float64Array;
  /** Classes whose every variable took part in the pass. */
  private readonly whole: Uint8Array;
  private readonly solved: Uint8Array;

  constructor(private readonly classes: number) {
    this.highest = new Float64Array(classes);
    this.lowest = new Float64Array(classes);
    this.bound = new Float64Array(classes).fill(Infinity);
    this.whole = new Uint8Array(classes).fill(1);
    this.solved = new Uint8Array(classes);
  }

  startPass(): void {
    this.highest.fill(-Infinity);
    this.lowest.fill(Infinity);
  }

  /** True for a variable that need not be looked at again before its class is reopened. */
  isSettled(k: number, alpha: number, gradient: number): boolean {
    return this.solved[k] === 1 || (alpha === 0 && gradient > (this.bound[k] as number));
  }

  note(k: number, projected: number): void {
    if (projected > (this.highest[k] as number)) this.highest[k] = projected;
    if (projected < (this.lowest[k] as number)) this.lowest[k] = projected;
  }

  /** @returns the classes whose variables must all take part again, to see whether they are truly solved */
  endPass(): number[] {
    const reopened: number[] = [];
    for (let k = 0; k < this.classes; k++) {
      if (this.solved[k] === 1) continue;
      const highest = this.highest[k] as number;
      const isTight = !(highest - (this.lowest[k] as number) > TOLERANCE);
      if (isTight && this.whole[k] === 1) {
        this.solved[k] = 1;
      } else if (isTight) {
        reopened.push(k);
        this.bound[k] = Infinity;
        this.whole[k] = 1;
      } else {
        this.bound[k] = highest > 0 ? highest : Infinity;
        this.whole[k] = 0;
      }
    }
    return reopened;
  }

  allSolved(): boolean {
    return this.solved.every((flag) => flag === 1);
  }
}
