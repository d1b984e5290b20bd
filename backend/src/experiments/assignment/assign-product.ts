import { hash } from 'node:crypto';

/** What an assignment depends on; all of it is fixed when an experiment starts but the ramp. */
export interface AssignmentRule<A extends { weight: number }> {
  /** Distinct for each experiment, so that its groups are independent of every other experiment's. */
  salt: string;
  /** Share of the products in the experiment, 0–100 %. */
  rampPercent: number;
  /** Arms that answer, with weights above 0 that need not sum to anything. */
  arms: readonly A[];
}

/** Hexadecimal digits of a digest that make a number: 48 bits, which a number holds exactly. */
const DIGITS = 12;
const SCALE = 16 ** DIGITS;

/**
 * The arm of a product; null where the product is not in the experiment. Two separate parts of SHA-256 of salt and
 * product are two independent numbers uniform in [0, 1): one says whether the product is in, by comparison with the ramp, the
 * other in which arm. A product that is in stays in when the ramp rises, and has the same arm whenever it is in.
 */
export function assignProduct<A extends { weight: number }>(
  { salt, rampPercent, arms }: AssignmentRule<A>,
  productId: number,
): A | null {
  const digest = hash('sha256', `${salt}:${productId}`, 'hex');
  const place = parseInt(digest.slice(0, DIGITS), 16) / SCALE;
  if (place >= rampPercent / 100) return null;
  const total = arms.reduce((sum, { weight }) => sum + weight, 0);
  let rest = (parseInt(digest.slice(DIGITS, 2 * DIGITS), 16) / SCALE) * total;
  for (const arm of arms) {
    rest -= arm.weight;
    if (rest < 0) return arm;
  }
  return arms.at(-1) ?? null;
}
