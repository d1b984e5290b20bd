import { blendMembers, memberProbabilities, type ForestMember, type Trees } from '@vitrine/inference';
import type { Random } from '../../common/random.js';
import { binColumns, type ColumnMatrix } from '../../tabular/binned-columns.js';
import { growBoostedForest } from '../../tabular/boosted-forest.js';
import { balancedLogLoss } from './balanced-scores.js';

/** Forests over balanced samples, and how they are blended. */
export interface BalancedForest {
  members: { member: ForestMember; trees: Trees }[];
  temperature: number;
  /** Rounds of boosting that were kept. */
  rounds: number;
  /** Held-out log loss (balanced) by round. */
  history: { epoch: number; validation_log_loss: number }[];
}

const LABELS = 2;
/** Samples of the commoner label that are set against the rarer one. */
const MEMBERS = 4;
/** Numbers of rounds that are compared. */
const ROUNDS = [5, 10, 20, 40, 60, 90, 120];
const GROWING = { rate: 0.1, maxDepth: 4, minLeafWeight: 15, ridge: 1, rowShare: 0.8, columnShare: 1 };
const TEMPERATURES = { least: 0.5, most: 64, steps: 60 };

/**
 * Fits boosted forests to samples in which both labels are equally frequent: each has all rows of the rarer label and
 * as many of the commoner one (EasyEnsemble; Liu, Wu and Zhou 2009). Their number of rounds and temperature are chosen
 * on rows that no tree has seen.
 *
 * @param fit rows to grow on; `held` rows to choose on
 */
export function growBalancedForest(
  matrix: ColumnMatrix,
  labels: Uint8Array,
  { fit, held }: { fit: readonly number[]; held: readonly number[] },
  random: Random,
): BalancedForest {
  const members = Array.from({ length: MEMBERS }, (_, k) => growMember(matrix, labels, fit, k, random));
  const heldLabels = held.map((row) => labels[row]!);
  const history: BalancedForest['history'] = [];
  let best = { rounds: 0, loss: Infinity, probabilities: new Float64Array() };
  for (const rounds of ROUNDS) {
    const kept = members.map((grown) => keepRounds(grown, rounds));
    const probabilities = Float64Array.from(held, (row) => positiveProbability(kept, matrix, row));
    const loss = balancedLogLoss({ labels: heldLabels, probabilities });
    history.push({ epoch: rounds, validation_log_loss: loss });
    if (loss < best.loss) best = { rounds, loss, probabilities };
  }
  return {
    members: members.map((grown) => keepRounds(grown, best.rounds)),
    rounds: best.rounds,
    history,
    temperature: findTemperature(heldLabels, best.probabilities),
  };
}

type Grown = BalancedForest['members'][number];

function growMember(
  matrix: ColumnMatrix,
  labels: Uint8Array,
  fit: readonly number[],
  k: number,
  random: Random,
): Grown {
  const rows = drawBalanced(labels, fit, random);
  const values = new Float32Array(rows.length * matrix.columns);
  rows.forEach((row, i) => {
    values.set(matrix.values.subarray(row * matrix.columns, (row + 1) * matrix.columns), i * matrix.columns);
  });
  const binned = binColumns({ values, rows: rows.length, columns: matrix.columns });
  const own = Uint8Array.from(rows, (row) => labels[row]!);
  const options = { ...GROWING, rounds: ROUNDS.at(-1)!, random };
  const { trees, bias } = growBoostedForest(binned, own, LABELS, options);
  return { member: { name: `forest-${k + 1}`, kind: 'boosted', bias, weight: 1 / MEMBERS }, trees };
}

/** All rows of the rarer label and a sample, as large, of the commoner one. */
function drawBalanced(labels: Uint8Array, fit: readonly number[], random: Random): number[] {
  const byLabel = [0, 1].map((label) => fit.filter((row) => labels[row] === label));
  const size = Math.min(...byLabel.map((rows) => rows.length));
  return byLabel.flatMap((rows) => random.shuffle(rows).slice(0, size));
}

/** The first rounds of a boosted forest are themselves a boosted forest. */
function keepRounds({ member, trees }: Grown, rounds: number): Grown {
  return { member, trees: { ...trees, roots: trees.roots.slice(0, rounds * LABELS) } };
}

function positiveProbability(members: Grown[], matrix: ColumnMatrix, row: number): number {
  const opinions = members.map(({ member, trees }) => ({
    weight: member.weight,
    probabilities: memberProbabilities(member, trees, matrix.values, row * matrix.columns),
  }));
  return blendMembers(opinions, 1)[1]!;
}

/** The temperature of least loss on a logarithmic grid: the blend divides its logits by it. */
function findTemperature(labels: readonly number[], probabilities: Float64Array): number {
  const logits = probabilities.map((p) => Math.log(p / (1 - p)));
  const lossOf = (t: number): number =>
    balancedLogLoss({ labels, probabilities: logits.map((logit) => 1 / (1 + Math.exp(-logit / t))) });
  const { least, most, steps } = TEMPERATURES;
  let best = { temperature: 1, loss: lossOf(1) };
  for (let step = 0; step <= steps; step++) {
    const temperature = least * (most / least) ** (step / steps);
    const loss = lossOf(temperature);
    if (loss < best.loss) best = { temperature, loss };
  }
  return best.temperature;
}
