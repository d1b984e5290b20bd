/** A function to be minimised: writes its gradient at `x` to `gradient` and returns its value. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface MinimiseOptions {
  maxIterations: number;
  /** Stops when no component of the gradient is larger. */
  gradientTolerance?: number;
  /** Called after each iteration; stops where it returns true. */
  onIteration?(iteration: number, value: number, x: Float64Array): boolean;
}

/** Steps whose curvature is remembered. */
const MEMORY = 10;
/** Armijo's condition: a step must gain this part of what the slope promises. */
const SUFFICIENT_DECREASE = 1e-4;
const MAX_HALVINGS = 25;
/** Relative gain of an iteration below which nothing is left to gain. */
const VALUE_TOLERANCE = 1e-6;

/**
 * Minimises a smooth convex function by limited-memory BFGS with backtracking (Nocedal and Wright, "Numerical
 * Optimization", algorithm 7.5), in place.
 *
 * @param x the start, and afterwards the minimum
 * @returns the value there
 */
export function minimise(objective: Objective, x: Float64Array, options: MinimiseOptions): number {
  const { maxIterations, gradientTolerance = 1e-6, onIteration } = options;
  const n = x.length;
  const steps: Pair[] = [];
  let gradient: Float64Array = new Float64Array(n);
  let nextGradient: Float64Array = new Float64Array(n);
  const candidate = new Float64Array(n);
  let value = objective(x, gradient);
  for (let iteration = 1; iteration <= maxIterations; iteration++) {
    if (largest(gradient) < gradientTolerance) break;
    const direction = descentDirection(gradient, steps);
    const slope = dot(gradient, direction);
    let rate = steps.length === 0 ? 1 / Math.max(1, Math.sqrt(dot(gradient, gradient))) : 1;
    let next = Infinity;
    for (let halving = 0; halving < MAX_HALVINGS; halving++, rate /= 2) {
      for (let i = 0; i < n; i++) candidate[i] = (x[i] as number) + rate * (direction[i] as number);
      next = objective(candidate, nextGradient);
      if (next <= value + SUFFICIENT_DECREASE * rate * slope) break;
    }
    if (!(next < value)) break;
    remember(steps, candidate, x, nextGradient, gradient);
    const gain = value - next;
    x.set(candidate);
    [gradient, nextGradient] = [nextGradient, gradient];
    value = next;
    if (onIteration?.(iteration, value, x)) break;
    if (gain < VALUE_TOLERANCE * Math.abs(value)) break;
  }
  return value;
}

/** A step `s`, the gradient's change `y` over it and 1 / (s · y). */
interface Pair {
  s: Float64Array;
  y: Float64Array;
  rho: number;
}

/** The two-loop recursion: −H⁻¹ g. */
function descentDirection(gradient: Float64Array, steps: readonly Pair[]): Float64Array {
  const q = gradient.map((g) => -g);
  const alphas = new Float64Array(steps.length);
  for (let j = steps.length - 1; j >= 0; j--) {
    const { s, y, rho } = steps[j] as Pair;
    alphas[j] = rho * dot(s, q);
    addScaled(q, y, -(alphas[j] as number));
  }
  const last = steps.at(-1);
  if (last) {
    const scale = 1 / (last.rho * dot(last.y, last.y));
    for (let i = 0; i < q.length; i++) q[i] = (q[i] as number) * scale;
  }
  steps.forEach(({ s, y, rho }, j) => addScaled(q, s, (alphas[j] as number) - rho * dot(y, q)));
  return q;
}

function remember(
  steps: Pair[],
  x: Float64Array,
  previousX: Float64Array,
  gradient: Float64Array,
  previousGradient: Float64Array,
): void {
  const s = x.map((value, i) => value - (previousX[i] as number));
  const y = gradient.map((value, i) => value - (previousGradient[i] as number));
  const curvature = dot(s, y);
  if (curvature <= 1e-12) return; // not curved upwards: would spoil the direction
  steps.push({ s, y, rho: 1 / curvature });
  if (steps.length > MEMORY) steps.shift();
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function addScaled(target: Float64Array, source: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] as number) + factor * (source[i] as number);
}

function largest(values: Float64Array): number {
  return values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
}
