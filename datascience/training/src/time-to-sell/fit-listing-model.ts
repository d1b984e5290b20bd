import {
  DecisionForests,
  evidenceNames,
  FieldColumns,
  ListingColumns,
  targetNames,
  type EvidenceState,
  type FieldColumnsConfig,
  type GrownMember,
} from '@vitrine/inference';
import { Random } from '../common/random.js';
import { growAveragedForest } from '../tabular/averaged-forest.js';
import { binColumns } from '../tabular/binned-columns.js';
import { growBoostedForest } from '../tabular/boosted-forest.js';
import { fitEvidence, type LearningTask } from './fit-evidence.js';
import { fitTargets, type TargetFit } from './fit-targets.js';
import type { ListingCorpus } from './listing-corpus.js';
import { TARGET_KEYS } from './listing-task.js';
import { rankCodes } from './rank-codes.js';

const MIN_LEAF_ROWS = 6;
/** Trees of each averaged forest and rounds of the boosted one; few rows are learned by heart in many. */
const SIZES = { few: { trees: 75, rounds: 60 }, many: { trees: 150, rounds: 200 } };
const MANY_ROWS = 1_000;

/** A model fitted to training rows. */
export interface ListingModel {
  codes: FieldColumnsConfig;
  targets: TargetFit;
  evidence: EvidenceState;
  members: GrownMember[];
  /** Names of the columns, in the order of the processors. */
  names: string[];
  /** Row-major [all rows of the corpus × names.length]; of a training row as the forests were shown it. */
  columns: Float32Array;
}

/**
 * Fits every stage to the training rows: what regressions, neighbours and target encoding say of a training row comes
 * from fits that had not seen it, so the forests learn how far each can be trusted.
 */
export function fitListingModel(corpus: ListingCorpus, task: LearningTask): ListingModel {
  const { trainRows, labels, classes, seed } = task;
  const evidence = fitEvidence(corpus, task);
  const targets = fitTargets(corpus.rows, TARGET_KEYS, task);
  const codes = rankCodes(corpus.rows, trainRows);
  const plain = [new ListingColumns(corpus.fields), new FieldColumns(codes)];
  const names = [
    ...plain.flatMap((block) => block.names),
    ...targetNames({ keys: TARGET_KEYS, prior: targets.prior }),
    ...evidenceNames(classes),
  ];
  const columns = new Float32Array(corpus.rows.length * names.length);
  for (const [i, row] of corpus.rows.entries()) {
    let offset = i * names.length;
    for (const block of plain) {
      block.write(row, columns, offset);
      offset += block.names.length;
    }
    for (const fit of [targets, evidence]) {
      columns.set(fit.columns.subarray(i * fit.width, (i + 1) * fit.width), offset);
      offset += fit.width;
    }
  }
  const members = growMembers(pickRows(columns, names.length, trainRows), labelsOf(trainRows, labels), {
    width: names.length,
    classes,
    seed,
  });
  return { codes, targets, evidence: evidence.state, members, names, columns };
}

/** The model's probabilities of some rows of its corpus, row-major. */
export function predictRows({ members, columns, names }: ListingModel, rows: Int32Array): Float64Array {
  const forests = new DecisionForests(members, 1);
  const classes = members[0]?.bias.length ?? 0;
  const out = new Float64Array(rows.length * classes);
  rows.forEach((row, i) => out.set(forests.probabilitiesAt(columns, row * names.length), i * classes));
  return out;
}

function growMembers(
  values: Float32Array,
  labels: Uint8Array,
  { width, classes, seed }: { width: number; classes: number; seed: number },
): GrownMember[] {
  const data = binColumns({ values, rows: labels.length, columns: width });
  const { trees, rounds } = labels.length < MANY_ROWS ? SIZES.few : SIZES.many;
  const shared = { trees, minLeafRows: MIN_LEAF_ROWS, maxDepth: 30 };
  const extraTrees = growAveragedForest(data, labels, classes, {
    ...shared,
    columnShare: 0.4,
    cuts: 'random',
    random: new Random(seed),
  });
  const randomForest = growAveragedForest(data, labels, classes, {
    ...shared,
    columnShare: 0.1,
    cuts: 'best',
    random: new Random(seed + 2),
  });
  const { trees: boosted, bias } = growBoostedForest(data, labels, classes, {
    rounds,
    rate: 0.04,
    maxDepth: 4,
    minLeafWeight: 4,
    ridge: 5,
    rowShare: 0.7,
    columnShare: 0.3,
    random: new Random(seed + 1),
  });
  const zeros = new Array<number>(classes).fill(0);
  return [
    { name: 'extra-trees', kind: 'averaged', bias: zeros, weight: 0.35, trees: extraTrees },
    { name: 'random-forest', kind: 'averaged', bias: zeros, weight: 0.3, trees: randomForest },
    { name: 'boosted', kind: 'boosted', bias, weight: 0.35, trees: boosted },
  ];
}

function pickRows(columns: Float32Array, width: number, rows: Int32Array): Float32Array {
  const picked = new Float32Array(rows.length * width);
  rows.forEach((row, i) => picked.set(columns.subarray(row * width, (row + 1) * width), i * width));
  return picked;
}

function labelsOf(rows: Int32Array, labels: Uint8Array): Uint8Array {
  return Uint8Array.from(rows, (row) => labels[row] as number);
}
